import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { BaseRegistry } from '../../test/base-registry';
import {
  EngineWorkspace,
  imagesIn,
  realBaseDockerfile,
  removeImages,
  silent,
} from '../../test/engine-workspace';
import { runCommand } from '@typerush/child-process';
import { readBuiltImage, writeBuiltImage } from '@typerush/pipeline-context';
import { DockerEngine } from './docker-engine';
import { type ImageEngine } from './image-engine';
import { OciEngine } from './oci-engine';
import { PodmanEngine } from './podman-engine';

jest.setTimeout(60_000);

const run = (...[file = '', ...args]: string[]) => runCommand(file, args, { env: process.env });

let disk: string;
let workspace: EngineWorkspace;
let registry: BaseRegistry;
beforeAll(async () => {
  registry = await BaseRegistry.start(['linux/amd64']);
});
beforeEach(async () => {
  disk = await mkdtemp(path.join(tmpdir(), 'full-disk-'));
  workspace = await EngineWorkspace.create();
  await workspace.reset(realBaseDockerfile(registry.reference()));
  expect(await run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', disk)).toMatchObject({
    code: 0,
  });
});
afterEach(async () => {
  await run('umount', disk);
  await rm(disk, { recursive: true });
  await workspace.remove();
});
afterAll(async () => {
  await registry.stop();
  await removeImages('docker');
  await removeImages('podman');
});

describe('an engine on a full disk', () => {
  it.each<[string, () => ImageEngine]>([
    ['oci', () => new OciEngine(process.env)],
    ['docker', () => new DockerEngine(process.env)],
    ['podman', () => new PodmanEngine(process.env)],
  ])('%s reports it, and keeps the previous image', async (_, create) => {
    const engine = create();
    const plan = workspace.plan({ base: 'registry', outDir: path.join(disk, 'app') });
    const first = await engine.build(plan, silent);
    await writeBuiltImage(plan.outDir, first);

    await workspace.write('dist/app/service/large', randomBytes(3 << 20));
    await expect(engine.build(plan, silent)).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining('free some space'),
    });
    expect(await imagesIn(plan.outDir)).toEqual([first.digest]);
    expect(await readBuiltImage(plan.outDir)).toEqual(first);

    await workspace.write('dist/app/service/large', 'small');
    expect((await engine.build(plan, silent)).digest).not.toBe(first.digest);
  });
});
