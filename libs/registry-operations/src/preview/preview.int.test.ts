import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LifecyclePolicy, retentionPolicy } from '@typerush/image-registry';
import { describePreviews } from './describe-preview';
import { preview, type PreviewOptions } from './preview';

const now = '2026-11-21T12:00:00Z';

/** The policy in the requirements for the `environment` profile, word for word. */
const requestedPolicy: LifecyclePolicy = {
  rules: [
    {
      rulePriority: 1,
      description: 'Expire untagged images older than 7 days',
      selection: {
        tagStatus: 'untagged',
        countType: 'sinceImagePushed',
        countUnit: 'days',
        countNumber: 7,
      },
      action: { type: 'expire' },
    },
    {
      rulePriority: 2,
      description: 'Keep last 10 tagged images',
      selection: {
        tagStatus: 'tagged',
        tagPrefixList: ['v', 'prod', 'staging', 'dev'],
        countType: 'imageCountMoreThan',
        countNumber: 10,
      },
      action: { type: 'expire' },
    },
  ],
};

const daysAgo = (days: number) => new Date(Date.parse(now) - days * 86_400_000).toISOString();
const builds = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    imageDigest: `sha256:${String(n).padStart(64, '0')}`,
    imageTags: [`dev-${n}`, ...(n === 0 ? ['latest'] : [])],
    imagePushedAt: daysAgo(n),
  }));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'preview-'));
  await write('requested.json', requestedPolicy);
  await write('profile.json', retentionPolicy('environment'));
  await write('images.json', { imageDetails: builds(30) });
});
afterAll(() => rm(folder, { recursive: true }));

const write = (name: string, document: unknown) =>
  writeFile(path.join(folder, name), JSON.stringify(document));

async function previewed(options: Partial<PreviewOptions>) {
  return preview(
    { environment: 'dev', images: 'images.json', now, declared: false, ...options },
    {
      workspaceRoot: folder,
      cwd: folder,
      now: () => new Date(now),
      registry: () => {
        throw new Error('A registry was queried.');
      },
    },
  );
}

describe('an offline preview', () => {
  it('expires none of 30 builds with the requested policy, and 20 with the profile', async () => {
    const [requested] = await previewed({ policy: 'requested.json' });
    expect(requested?.verdicts).toEqual([]);
    expect(requested?.warnings).toEqual([
      expect.stringMatching(/^requested\.json: Rule 2 never expires any image/),
    ]);
    const [profile] = await previewed({ policy: 'profile.json' });
    expect(profile?.warnings).toEqual([]);
    expect(profile?.verdicts.map(({ image }) => image.tags[0])).toEqual(
      Array.from({ length: 20 }, (_, n) => `dev-${n + 10}`),
    );
  });

  it('reports an image with its tags, the name of the action in ECR, and the rule', async () => {
    const { data, text } = describePreviews(await previewed({ policy: 'profile.json' }));
    expect((data as unknown[])[0]).toEqual({
      imageDigest: `sha256:${'10'.padStart(64, '0')}`,
      imageTags: ['dev-10'],
      action: { type: 'EXPIRE' },
      appliedRulePriority: 7,
    });
    expect(text).toContain('of 30 images 20 would expire on 2026-11-21T12:00:00.000Z');
    expect(text).toMatch(/dev-10 +2026-11-11 +expire +7 +number 11 by push date, 10 are kept/);
  });

  it('accepts the output of get-lifecycle-policy', async () => {
    const lifecyclePolicyText = JSON.stringify(retentionPolicy('environment'));
    await write('answer.json', { registryId: '000000000000', lifecyclePolicyText });
    expect((await previewed({ policy: 'answer.json' }))[0]?.verdicts).toHaveLength(20);
  });

  it('warns that it does not know the images of an index', async () => {
    const untagged = { imageDigest: 'sha256:child', imagePushedAt: daysAgo(40) };
    const list = {
      imageDigest: 'sha256:list',
      imageTags: ['v1'],
      imagePushedAt: daysAgo(1),
      imageManifestMediaType: 'application/vnd.docker.distribution.manifest.list.v2+json',
    };
    await write('lists.json', [untagged, list]);
    const [result] = await previewed({ policy: 'profile.json', images: 'lists.json' });
    expect(result?.verdicts.map(({ image }) => image.digest)).toEqual(['sha256:child']);
    expect(result?.warnings).toEqual([
      expect.stringContaining('1 of the images is an image index'),
    ]);
  });

  it.each<[Partial<PreviewOptions>, string, string]>([
    [{ policy: 'none.json' }, 'FILE_UNREADABLE', 'Cannot read none.json: the file does not exist.'],
    [{ policy: '.' }, 'FILE_UNREADABLE', 'Cannot read .: it is a folder.'],
    [
      { policy: 'images.json' },
      'POLICY_REFUSED',
      'ECR would reject the lifecycle policy of images.json:\n  - ',
    ],
    [
      { policy: 'profile.json', images: 'profile.json' },
      'IMAGES_INVALID',
      'profile.json is not the output of',
    ],
    [
      { policy: 'profile.json', now: 'today' },
      'NOW_INVALID',
      'Invalid --now "today". Expected an ISO date',
    ],
    [{}, 'OPTIONS_INVALID', '--images needs --policy'],
    [
      { policy: 'profile.json', repository: 'a/b' },
      'OPTIONS_INVALID',
      '--repository selects a repository in a registry',
    ],
    [{ policy: 'profile.json', declared: true }, 'OPTIONS_INVALID', 'Remove one of them'],
  ])('rejects %j: %s', async (options, code, message) => {
    await expect(previewed(options)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});
