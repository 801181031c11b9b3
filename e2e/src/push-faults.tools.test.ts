import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerBuilderPaths } from './support/docker-builders';
import { ParcelWorkspace } from './support/parcel-workspace';
import { commonFaults, pushThrough } from './support/push-faults';
import { expectMessage, PushScene } from './support/push-scene';
import { run } from './support/run';
import { Tmpfs } from './support/tmpfs';

/** The output of a build with each builder. */
const engines = [
  { builder: 'buildx', engine: 'docker', says: /builds with the buildx plugin/ },
  { builder: 'buildkit', engine: 'docker', says: /builds with the BuildKit of its daemon/ },
  { builder: 'legacy', engine: 'docker', says: /its legacy builder/ },
  { builder: 'podman', engine: 'podman', says: /podman \S+ \(\S+\) builds as/ },
];

describe('a push', () => {
  let folder: string;
  let parcel: ParcelWorkspace;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'push-faults-'));
    parcel = await ParcelWorkspace.create();
  });
  afterAll(async () => {
    await parcel?.copy.remove();
    await rm(folder, { recursive: true });
  });

  describe('of each engine', () => {
    /** The data of a registry with an image. */
    let data: string;
    let paths: Record<string, string>;

    beforeAll(async () => {
      paths = await dockerBuilderPaths(folder);
      data = join(folder, 'data');
      const scene = await PushScene.create(parcel, { data });
      await scene.pushOk('oci');
      await scene.stop();
    });
    afterAll(async () => {
      for (const client of ['docker', 'podman']) {
        await run(client, ['rmi', '--force', `${ParcelWorkspace.repository}:build`]);
      }
    });

    describe.each(engines)('$builder', ({ builder, engine, says }) => {
      beforeAll(async () => {
        await parcel.change();
        const { output } = await parcel.build(engine, { PATH: paths[builder] ?? paths['buildx'] });
        expect(output).toMatch(says);
      });

      it.each(commonFaults)('leaves tags only on complete images after $fault', async (fault) => {
        const copy = join(folder, 'copy');
        await cp(data, copy, { recursive: true });
        const scene = await PushScene.create(parcel, { data: copy });
        try {
          await pushThrough(scene, engine, fault);
        } finally {
          await scene.stop();
          await rm(copy, { recursive: true });
        }
      });
    });
  });

  describe('with a full disk', () => {
    let tmpfs: Tmpfs | undefined;

    afterEach(async () => {
      await tmpfs?.unmount();
      tmpfs = undefined;
    });

    it('in the registry changes no tag, and completes when there is space', async () => {
      const data = join(folder, 'full');
      tmpfs = await Tmpfs.mount(data, 62);
      const scene = await PushScene.create(parcel, { data });
      try {
        await scene.pushOk('oci');
        const before = await scene.tags();
        await parcel.change();
        expectMessage(
          await scene.push('oci'),
          /no space left/,
          /Free space in the registry/,
          /push again/i,
        );
        expect(await scene.tags()).toEqual(before);
        const missing = await scene.missingBlobs();
        await tmpfs.resize(140);
        await scene.proxy.heal();
        await scene.pushOk('oci');
        expect(await scene.sentBlobs()).toEqual(missing);
        expect((await scene.tags())['latest']).toBe((await parcel.image()).digest);
      } finally {
        await scene.stop();
      }
    });

    it('in the workspace changes neither the built image nor the registry', async () => {
      const scene = await PushScene.create(parcel);
      try {
        tmpfs = await Tmpfs.mount(parcel.copy.path('dist/images/parcel'), 16);
        await parcel.change();
        await scene.pushOk('oci');
        const before = { image: await parcel.image(), tags: await scene.tags() };
        await parcel.change();
        expectMessage(
          await scene.push('oci'),
          /No space left/,
          /Existing files were not changed/,
          /free some space/,
        );
        expect({ image: await parcel.image(), tags: await scene.tags() }).toEqual(before);
        await tmpfs.resize(64);
        await scene.pushOk('oci');
        expect((await scene.tags())['latest']).toBe((await parcel.image()).digest);
      } finally {
        await scene.stop();
      }
    });
  });
});
