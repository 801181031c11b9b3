import { type RemoteImage } from '@typerush/ecr-access';
import { type LifecyclePolicy, retentionPolicy } from '@typerush/image-registry';
import { type Digest, digestOf, MEDIA_TYPE } from '@typerush/oci';
import { type RemoteRegistry } from '../remote-registry';
import { describePreviews } from './describe-preview';
import { preview, type PreviewOptions } from './preview';

const now = new Date('2026-11-21T12:00:00Z');
const repository = 'typerush/game-service';

function image(name: string, tags: string[], days: number, more: Partial<RemoteImage> = {}) {
  return {
    digest: digestOf(name),
    tags,
    pushedAt: new Date(now.getTime() - days * 86_400_000),
    size: 1,
    mediaType: MEDIA_TYPE.ociManifest,
    storageClass: 'standard' as const,
    ...more,
  };
}

/** A registry with a repository that has a policy and one that has none. */
function registryOf(images: RemoteImage[], policy: LifecyclePolicy, manifests = {}) {
  const read: Digest[][] = [];
  const registry: Partial<RemoteRegistry> = {
    repositories: async () => [{ name: repository }, { name: 'typerush/bare' }] as never,
    images: async () => images,
    lifecyclePolicy: async (name) => (name === repository ? JSON.stringify(policy) : undefined),
    manifests: async (_, digests) => {
      read.push([...digests]);
      return new Map(Object.entries(manifests)) as never;
    },
  };
  return { registry: registry as RemoteRegistry, read };
}

function previewOf(registry: RemoteRegistry, options: Partial<PreviewOptions> = {}) {
  return preview(
    { environment: 'dev', declared: false, ...options },
    { workspaceRoot: '/nowhere', cwd: '/nowhere', now: () => now, registry: () => registry },
  );
}

describe('a preview of a registry', () => {
  const profile = retentionPolicy('environment');

  it('evaluates the policies in the registry on the images in it', async () => {
    const images = [image('old', [], 8), image('new', [], 6), image('v1', ['v1'], 900)];
    const { registry, read } = registryOf(images, profile);
    expect(describePreviews(await previewOf(registry)).data).toEqual([
      {
        repositoryName: repository,
        imageDigest: digestOf('old'),
        imageTags: [],
        action: { type: 'EXPIRE' },
        appliedRulePriority: 8,
      },
    ]);
    expect(read).toEqual([]);
  });

  it('reads indexes only if an untagged image would expire, and keeps the images they refer to', async () => {
    const list = image('list', ['v1'], 1, { mediaType: MEDIA_TYPE.ociIndex });
    const manifests = {
      [list.digest]: JSON.stringify({ manifests: [{ digest: digestOf('child') }] }),
    };
    const images = [list, image('child', [], 40), image('orphan', [], 40)];
    const { registry, read } = registryOf(images, profile, manifests);
    const [found] = await previewOf(registry);
    expect(found?.verdicts.map(({ image: { digest } }) => digest)).toEqual([digestOf('orphan')]);
    expect(read).toEqual([[list.digest]]);
    const young = registryOf([list, image('child', [], 1)], profile, manifests);
    await previewOf(young.registry);
    expect(young.read).toEqual([]);
  });

  it('counts days since an image was archived', async () => {
    const policy: LifecyclePolicy = {
      rules: [
        {
          rulePriority: 1,
          description: 'Expire what has been in the archive for more than a hundred days',
          selection: {
            tagStatus: 'any',
            storageClass: 'archive',
            countType: 'sinceImageTransitioned',
            countUnit: 'days',
            countNumber: 100,
          },
          action: { type: 'expire' },
        },
      ],
    };
    const archived = (name: string, days: number) =>
      image(name, [name], 900, {
        storageClass: 'archive',
        transitionedAt: new Date(now.getTime() - days * 86_400_000),
      });
    const { registry } = registryOf([archived('a', 99), archived('b', 101)], policy);
    const [found] = await previewOf(registry);
    expect(found?.verdicts.map(({ image: { tags } }) => tags)).toEqual([['b']]);
  });

  it('rejects a repository without a policy, and --declared without synthesized stacks', async () => {
    const { registry } = registryOf([], profile);
    await expect(previewOf(registry, { repository: 'typerush/bare' })).rejects.toMatchObject({
      code: 'POLICY_MISSING',
      message: expect.stringContaining('typerush/bare has no lifecycle policy'),
    });
    await expect(previewOf(registry, { declared: true })).rejects.toMatchObject({
      code: 'NOT_SYNTHESIZED',
    });
  });
});
