import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { OciError } from '@typerush/oci';
import { attachment, failureOf, PushStage } from '../../test/push-stage';

let stage: PushStage;
afterEach(() => stage.close());

describe('pushService', () => {
  beforeEach(async () => {
    stage = await PushStage.open();
  });

  it('sets fixed tags before moving ones, and writes the record of the push', async () => {
    const { digest } = await stage.build('one');
    const record = await stage.push();
    expect(stage.registry.tagsSet).toEqual(['dev-abcdef0', 'dev-20261121T100000Z', 'latest']);
    const imageUri = `${stage.registry.host}/team/app@${digest}`;
    expect(record).toMatchObject({ digest, imageUri, unchanged: false, uploadedLayers: 2 });
    expect(await stage.json('push.json')).toEqual(record);
    expect(await stage.json('imagedefinitions.json')).toEqual([{ name: 'app', imageUri }]);
    expect(await stage.json('imageDetail.json')).toEqual({ ImageURI: imageUri });
    expect(await stage.file('summary.md')).toContain(`**\`dev-abcdef0\`**`);
  });

  it('leaves moving tags and their gates to a promotion if requested', async () => {
    const gate = { description: 'refuses all', check: () => Promise.reject(new Error('refused')) };
    const { digest } = await stage.build('one');
    const record = await stage.push({ movingTags: false, services: { gates: [gate] } });
    expect(stage.registry.tagsSet).toEqual(['dev-abcdef0', 'dev-20261121T100000Z']);
    expect(record).toMatchObject({ digest, uploadedLayers: 2 });
    expect(record.tags.map(({ tag }) => tag)).toEqual(stage.registry.tagsSet);
  });

  it('does not change build.json of docker-build', async () => {
    const image = await stage.build('one');
    await stage.push();
    expect(await stage.json('build.json')).toEqual(image);
  });

  it('does nothing if image, tags and attachments are present', async () => {
    stage.attachments = [attachment('sbom', '{}')];
    await stage.build('one');
    await stage.push();
    const { requests, manifests } = stage.registry;
    const before = [...manifests.keys()];
    requests.length = 0;
    const record = await stage.push({ at: '2026-11-21T11:00:00Z' });
    expect(record).toMatchObject({ unchanged: true, uploadedLayers: 0, uploadedBytes: 0 });
    expect(record.tags.map(({ tag }) => tag)).toEqual(['dev-abcdef0', 'latest']);
    expect([...manifests.keys()]).toEqual(before);
    expect(requests.filter((line) => !/^(HEAD|GET) /.test(line))).toEqual([]);
    // Three tags and the referrers.
    expect(requests.length).toBeLessThanOrEqual(4);
  });

  it('sends one HEAD request for each tag', async () => {
    await stage.build('one');
    await stage.push();
    await stage.build('two');
    const { requests } = stage.registry;
    requests.length = 0;
    await stage.push({ sha: 'fedcba9' });
    for (const tag of ['dev-fedcba9', 'dev-20261121T100000Z', 'latest']) {
      const heads = requests.filter((line) => line === `HEAD /v2/team/app/manifests/${tag}`);
      expect(heads).toHaveLength(1);
    }
  });

  it('sets the tags of another commit with unchanged content without uploading anything', async () => {
    stage.attachments = [attachment('provenance', '{}')];
    await stage.build('one');
    const first = await stage.push();
    const { uploads } = stage.registry;
    const second = await stage.push({ sha: 'fedcba9' });
    expect(second.digest).toBe(first.digest);
    expect(second.attachments).toMatchObject([{ kind: 'provenance', action: 'present' }]);
    expect(stage.registry.digest('team/app', 'dev-fedcba9')).toBe(first.digest);
    expect(stage.registry.uploads).toBe(uploads);
  });

  it('uploads nothing if an immutable tag points to another image', async () => {
    stage.mutability = { imageTagMutability: 'IMMUTABLE' };
    await stage.build('one');
    const { digest } = await stage.push({ environment: 'prod' });
    const before = new Map(stage.registry.manifests);
    const { uploads } = stage.registry;
    const other = await stage.build('two');
    const failure = await failureOf(stage.push({ environment: 'prod', sha: 'fedcba9' }));
    expect(failure.code).toBe('TAG_IMMUTABLE');
    expect(failure.message).toContain(`v1.2.3 points to ${digest}`);
    expect(failure.message).toContain(other.digest);
    expect(failure.message).toContain('apps/app/package.json');
    expect(stage.registry.manifests).toEqual(before);
    expect(stage.registry.uploads).toBe(uploads);
  });

  it('sets the tags of templates, and reports those that have no value', async () => {
    await stage.build('one');
    const config = { tags: ['{branch}', 'pr-{pr}', 'v{version}'] };
    const source = { branch: 'feature/x' };
    await stage.push({ config, source, tags: ['build-{sha}'] });
    const set = stage.registry.tagsSet;
    expect(set).toEqual(expect.arrayContaining(['v1.2.3', 'build-abcdef0', 'feature-x']));
    expect(set.indexOf('feature-x')).toBeGreaterThan(set.indexOf('v1.2.3'));
    expect(stage.notes.join()).toContain('"pr-{pr}"');
  });

  it('requires an image', async () => {
    expect(await failureOf(stage.push())).toMatchObject({
      code: 'NOT_BUILT',
      message: expect.stringContaining('nx run app:docker-build'),
    });
  });

  it('rejects a stand-in base image for prod', async () => {
    await stage.build('one', { base: { reference: 'node', digest: null, standIn: true } });
    const failure = await failureOf(stage.push({ environment: 'prod' }));
    expect(failure.code).toBe('STAND_IN_FOR_PROD');
    expect(stage.registry.manifests.size).toBe(0);
  });

  it('requests credentials again if they expire during the push', async () => {
    const { digest } = await stage.build('one');
    const attachments = () => {
      stage.registry.secret = 'a-new-one';
      return Promise.resolve([attachment('sbom', '{}')]);
    };
    await stage.push({ services: { attachments } });
    expect(stage.registry.digest('team/app', 'latest')).toBe(digest);
  });

  it('names the fix for credentials that the registry rejects', async () => {
    await stage.build('one');
    stage.registry.faults.push({ when: /HEAD/, status: 401, times: 99 });
    const failure = await failureOf(stage.push());
    expect(failure.code).toBe('UNAUTHORIZED');
    expect(failure.message).toMatch(/no tag was changed\.\nFix: log in again: docker login 127/);
    expect(failure.message).not.toMatch(/push again/i);
    // A registry may lock an account after a few wrong passwords.
    expect(stage.registry.requests.filter((line) => line.startsWith('HEAD'))).toHaveLength(1);
  });

  it('names the fix if the disk is full while layers of the base image are fetched', async () => {
    const { platforms } = await stage.build('one');
    const base = platforms[0]?.layers.find(({ fromBase }) => fromBase)?.digest ?? '';
    await rm(path.join(stage.outDir, 'oci/blobs', base.replace(':', '/')));
    const full = new OciError('DISK_FULL', 'There is no room left.');
    const layersOfBase = () => () => Promise.reject(full);
    const failure = await failureOf(stage.push({ services: { layersOfBase } }));
    expect(failure.code).toBe('DISK_FULL');
    expect(failure.message).toMatch(/\nFix: free disk space on this machine\.\nThen push again/);
  });

  it('reports that the image was pushed if its record cannot be written', async () => {
    const { digest } = await stage.build('one');
    await mkdir(path.join(stage.outDir, 'push.json'));
    const failure = await failureOf(stage.push());
    expect(failure.code).toBe('FOLDER_UNWRITABLE');
    expect(failure.message).toMatch(/The image was pushed and its tags were set/);
    expect(stage.registry.digest('team/app', 'latest')).toBe(digest);
  });

  it('adds its summary to the one of the CI run', async () => {
    await stage.build('one');
    const stepSummary = path.join(stage.outDir, 'steps.md');
    await stage.push({ services: { stepSummary } });
    await stage.push({ services: { stepSummary } });
    const text = await readFile(stepSummary, 'utf8');
    expect(text.match(/^### app /gm)).toHaveLength(2);
  });
});

describe('attachments', () => {
  beforeEach(async () => {
    stage = await PushStage.open();
    stage.attachments = [attachment('sbom', '{}'), attachment('signature', '{"s":1}')];
  });

  it('are attached to the image before a moving tag points to it', async () => {
    const { digest } = await stage.build('one', { platforms: ['linux/amd64', 'linux/arm64'] });
    const { attachments } = await stage.push();
    expect(attachments.map(({ kind, action }) => `${kind} ${action}`)).toEqual([
      'sbom attached',
      'signature attached',
    ]);
    const { manifests, requests } = stage.registry;
    const [sbom] = attachments;
    const manifest = manifests.get(`team/app:${sbom?.digest}`)?.bytes.toString() ?? '{}';
    expect(JSON.parse(manifest)).toMatchObject({ subject: { digest } });
    const put = (end: string) => requests.findIndex((line) => line === `PUT /v2/team/app/${end}`);
    expect(put(`manifests/${sbom?.digest}`)).toBeLessThan(put('manifests/latest'));
  });

  it('are attached only if they are missing', async () => {
    await stage.build('one');
    const { attachments } = stage;
    stage.attachments = attachments.slice(0, 1);
    await stage.push();
    stage.attachments = attachments;
    const again = await stage.push();
    expect(again.attachments.map(({ action }) => action)).toEqual(['present', 'attached']);
    expect(again.unchanged).toBe(false);
  });

  it('leave moving tags unchanged if they fail, and the message reports it', async () => {
    const first = await stage.build('one');
    await stage.push();
    await stage.build('two');
    stage.registry.faults.push({ when: /GET .*referrers/, status: 403, times: 9 });
    const failure = await failureOf(stage.push({ sha: 'fedcba9' }));
    expect(failure.message).toMatch(
      /in the registry under its fixed tags.*latest.*were not changed\.\nFix: use an identity .*\nThen push again/,
    );
    expect(stage.registry.digest('team/app', 'latest')).toBe(first.digest);
    stage.registry.faults.length = 0;
    const { attachments } = await stage.push({ sha: 'fedcba9' });
    expect(attachments.map(({ action }) => action)).toEqual(['attached', 'attached']);
  });
});

describe('several destinations', () => {
  beforeEach(async () => {
    stage = await PushStage.open(2);
  });

  const second = () => {
    const [, registry] = stage.registries;
    if (!registry) throw new Error('there are two');
    return registry;
  };

  it('get the same image and tags', async () => {
    const { digest } = await stage.build('one');
    const record = await stage.push();
    for (const registry of stage.registries) {
      expect(registry.digest('team/app', 'latest')).toBe(digest);
      expect(registry.digest('team/app', 'dev-abcdef0')).toBe(digest);
    }
    expect(record.destinations.map(({ destination }) => destination)).toEqual([
      'place-1',
      'place-2',
    ]);
    expect(record.repositoryUri).toBe(`${stage.registry.host}/team/app`);
    expect(await stage.file('summary.md')).toContain(second().host);
  });

  it('keep every moving tag unchanged if one of them fails, and are completed by another push', async () => {
    const { digest: old } = await stage.build('one');
    await stage.push();
    const { digest } = await stage.build('two');
    second().faults.push({ when: /POST .*uploads/, status: 503, times: 99 });
    const failure = await failureOf(stage.push({ sha: 'fedcba9' }));
    expect(failure.code).toBe('PUSH_INCOMPLETE');
    expect(failure.message).toMatch(/1 of 2 destinations:\n {2}place-1: done\n {2}place-2: .*503/);
    expect(failure.message).toMatch(/\(latest\) were not changed\.\nPush again: content/);
    expect(stage.registry.digest('team/app', 'dev-fedcba9')).toBe(digest);
    expect(stage.registry.digest('team/app', 'latest')).toBe(old);
    expect(second().digest('team/app', 'latest')).toBe(old);

    second().faults.length = 0;
    const { uploads } = stage.registry;
    await stage.push({ sha: 'fedcba9' });
    expect(stage.registry.uploads).toBe(uploads);
    for (const registry of stage.registries) {
      expect(registry.digest('team/app', 'latest')).toBe(digest);
    }
  });

  it('get nothing if one of them cannot be queried, and the message reports it', async () => {
    await stage.build('one');
    second().faults.push({ when: /HEAD/, status: 503, times: 99 });
    await expect(stage.push()).rejects.toThrow(
      /503.*\nNothing was uploaded and no tag was changed\.\nFix: push again when/,
    );
    expect(stage.registry.requests.filter((line) => !/^(HEAD|GET) /.test(line))).toEqual([]);
  });

  it('get nothing if one of them has an immutable tag of another image', async () => {
    await stage.build('one');
    await stage.push();
    stage.registry.manifests.clear();
    stage.mutability = { imageTagMutability: 'IMMUTABLE' };
    await stage.build('two');
    const failure = await failureOf(stage.push());
    expect(failure.message).toContain(`${second().host}/team/app: tags are immutable`);
    expect(stage.registry.manifests.size).toBe(0);
  });

  it('are provisioned if the repository is missing and that is requested', async () => {
    await stage.build('one');
    stage.missing.add(1);
    expect(await failureOf(stage.push())).toMatchObject({ code: 'REPOSITORY_MISSING' });
    expect(stage.registry.manifests.size).toBe(0);
    const made: string[] = [];
    const provision = async ({ name }: { name: string }) => {
      made.push(name);
      stage.missing.clear();
    };
    await stage.push({ services: { provision } });
    expect(made).toEqual(['place-2']);
    expect(second().digest('team/app', 'latest')).toBeDefined();
  });

  it('are not provisioned for a push that gets no tags', async () => {
    await stage.build('one');
    stage.missing.add(0);
    const provision = () => Promise.reject(new Error('not requested'));
    const failure = await failureOf(stage.push({ tags: ['{pr}'], services: { provision } }));
    expect(failure.code).toBe('TAG_VARIABLE_MISSING');
  });
});
