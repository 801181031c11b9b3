import { type RemoteImage } from '@typerush/ecr-access';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { retentionPolicy } from '@typerush/image-registry';
import { digestOf, MEDIA_TYPE } from '@typerush/oci';
import { type ImageUse } from '../in-use/image-use';
import { type RemoteRegistry } from '../remote-registry';
import { describePreviews } from './describe-preview';
import { preview, type PreviewOptions } from './preview';

const now = new Date('2026-11-21T12:00:00Z');
const name = 'typerush/api';
const uri = `123456789012.dkr.ecr.ap-southeast-1.amazonaws.com/${name}`;

function image(id: string, tags: string[], days: number, more: Partial<RemoteImage> = {}) {
  return {
    digest: digestOf(id),
    tags,
    pushedAt: new Date(now.getTime() - days * 86_400_000),
    size: 1,
    mediaType: MEDIA_TYPE.ociManifest,
    storageClass: 'standard' as const,
    ...more,
  };
}

interface Setup {
  readonly images: readonly RemoteImage[];
  readonly uses?: readonly ImageUse[];
  readonly manifests?: Readonly<Record<string, string>>;
  readonly options?: Partial<PreviewOptions>;
}

function previewOf({ images, uses = [], manifests = {}, options }: Setup) {
  const registry: Partial<RemoteRegistry> = {
    repositories: async () => [{ name, uri }] as never,
    images: async () => images,
    lifecyclePolicy: async () => JSON.stringify(retentionPolicy('environment')),
    manifests: async () => new Map(Object.entries(manifests)) as never,
  };
  return preview(
    { environment: 'dev', declared: false, inUse: true, ...options },
    {
      workspaceRoot: '/nowhere',
      cwd: '/nowhere',
      now: () => now,
      registry: () => registry as RemoteRegistry,
      imageUses: async () => uses,
    },
  );
}

/** The oldest, dev-11 and dev-10, expire. */
const builds = Array.from({ length: 12 }, (_, n) => image(`dev-${n}`, [`dev-${n}`], n));
const service = (reference: string): ImageUse => ({
  image: reference,
  user: 'ECS service prod/api',
});

describe('a preview of images in use', () => {
  it.each([`${uri}:dev-11`, `${uri}@${digestOf('dev-11')}`, `${uri}:gone@${digestOf('dev-11')}`])(
    'names the image that would expire, its user and the rule: %s',
    async (reference) => {
      const previews = await previewOf({ images: builds, uses: [service(reference)] });
      expect(describePreviews(previews).passed).toBe(false);
      const { text, data } = describePreviews(previews);
      expect(text).toContain(
        `${name}@${digestOf('dev-11')} (dev-11) would expire by rule 7 "Keep the last 10 images with a tag dev*".\n` +
          '    used by ECS service prod/api\n',
      );
      expect(data).toEqual([
        expect.objectContaining({ imageTags: ['dev-10'], usedBy: [] }),
        expect.objectContaining({ imageTags: ['dev-11'], usedBy: ['ECS service prod/api'] }),
      ]);
    },
  );

  it.each([
    ['the policy keeps', `${uri}:dev-9`],
    [
      'is in another registry',
      '210987654321.dkr.ecr.ap-southeast-1.amazonaws.com/typerush/api:dev-11',
    ],
    ['is in another region', '123456789012.dkr.ecr.eu-west-1.amazonaws.com/typerush/api:dev-11'],
    ['is in another repository', `${uri}-v2:dev-11`],
  ])('accepts an image that %s', async (_, reference) => {
    const previews = await previewOf({ images: builds, uses: [service(reference)] });
    expect(describePreviews(previews).passed).toBe(true);
    expect(previews[0]?.warnings).toEqual([]);
  });

  it('warns of an image that is not in the repository', async () => {
    const previews = await previewOf({
      images: builds,
      uses: [service(`${uri}:none`), service(`${uri}@${digestOf('none')}`)],
    });
    expect(describePreviews(previews).passed).toBe(true);
    expect(previews[0]?.warnings).toEqual([
      `${name}: ECS service prod/api uses ${uri}:none, which is not in the repository, and 1 more like it.`,
    ]);
  });

  it('counts an index as used if one of its images is', async () => {
    const child = image('child', [], 11);
    const index = image('dev-11', ['dev-11'], 11, { mediaType: MEDIA_TYPE.ociIndex });
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociIndex,
      manifests: [{ mediaType: MEDIA_TYPE.ociManifest, digest: child.digest, size: 1 }],
    });
    const previews = await previewOf({
      images: [...builds.slice(0, 11), index, child],
      manifests: { [index.digest]: manifest },
      uses: [service(`${uri}@${child.digest}`)],
    });
    expect(previews[0]?.endangered?.map(({ verdict }) => verdict.image.digest)).toEqual([
      index.digest,
    ]);
  });

  it('reports each user once', async () => {
    const use = service(`${uri}:dev-11`);
    const other = { ...use, user: 'Lambda function resize:1' };
    const previews = await previewOf({ images: builds, uses: [use, other, use] });
    expect(previews[0]?.endangered?.[0]?.users).toEqual([use.user, other.user]);
  });

  it('does not report uses unless they are requested', async () => {
    const options = { inUse: false };
    const uses = [service(`${uri}:dev-11`)];
    const previews = await previewOf({ images: builds, uses, options });
    expect(describePreviews(previews).passed).toBe(true);
    expect(JSON.stringify(describePreviews(previews).data)).not.toContain('usedBy');
  });

  it('reads the uses of other programs from a file, for the local registry too', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'in-use-'));
    const inUseFile = path.join(folder, 'uses.json');
    await writeFile(inUseFile, JSON.stringify([{ image: `${uri}:dev-10`, user: 'Berlin' }]));
    const options = { environment: 'local', inUse: false, inUseFile } as const;
    const previews = await previewOf({ images: builds, options });
    expect(previews[0]?.endangered?.map(({ users }) => users)).toEqual([['Berlin']]);
    await rm(folder, { recursive: true });
  });

  it.each([
    [{ environment: 'local' } as const, /--in-use reads ECS and Lambda/],
    [{ policy: 'p.json', images: 'i.json' }, /--in-use and --in-use-file check/],
  ])('rejects %j', async (options, message) => {
    await expect(previewOf({ images: builds, options })).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      message: expect.stringMatching(message),
    });
  });
});
