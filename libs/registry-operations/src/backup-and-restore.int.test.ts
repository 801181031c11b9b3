import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  type ImageTagMutability,
  PutImageCommand,
  PutImageTagMutabilityCommand,
} from '@aws-sdk/client-ecr';
import { type Descriptor, OciLayout } from '@typerush/oci';
import { EcrLocal } from '@typerush/ecr-access/testing';
import { SampleImages } from '../test/sample-images';
import { backUp } from './backup/back-up';
import { readBackup } from './backup/read-backup';
import { backedUpImages, guardImages } from './destroy-guard/destroy-guard';
import { EcrRemoteRegistry } from './ecr-remote-registry';
import { type RemoteRegistry } from './remote-registry';
import { isRestored } from './restore/describe-restore';
import { restoreRegistry, type RestoreRequest } from './restore/restore-registry';

jest.setTimeout(60_000);

const repository = 'team/app';
const reporter = { note: () => undefined, progress: () => undefined };

let local: EcrLocal;
let registry: RemoteRegistry;
let root: string;
let samples: SampleImages;

beforeAll(async () => {
  local = await EcrLocal.start();
  registry = new EcrRemoteRegistry(local.target, 'local');
});
afterAll(() => local.stop());

let amd64: Descriptor;
let index: Descriptor;
let signature: Descriptor;

/** A repository with an index of two images, a signature of it, an old image and one without a tag. */
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'backup-'));
  samples = new SampleImages(path.join(root, 'samples'), registry);
  await local.ecr.send(new CreateRepositoryCommand({ repositoryName: repository }));
  await samples.image(repository, 'old', { tags: ['v1'] });
  amd64 = await samples.image(repository, 'amd64');
  const arm64 = await samples.image(repository, 'arm64');
  index = await samples.index(repository, [amd64, arm64], ['v2', 'latest']);
  signature = await samples.image(repository, 'signature', { subject: index });
  await samples.image(repository, 'untagged');
});
afterEach(async () => {
  await local.ecr.send(new DeleteRepositoryCommand({ repositoryName: repository, force: true }));
  await rm(root, { recursive: true });
});

const shownDir = 'backups/local/now';
const folder = () => path.join(root, shownDir);

const backup = ({ withImages = true, from = registry } = {}) =>
  backUp(
    { environment: 'local', dir: folder(), shownDir, withImages, namespaces: new Set(['team']) },
    { registry: from, now: () => new Date(), reporter },
  );

const restore = async (options: Partial<RestoreRequest> = {}) =>
  restoreRegistry(
    {
      environment: 'local',
      backup: await readBackup(folder(), shownDir, 'local'),
      force: false,
      dryRun: false,
      ...options,
    },
    { registry, reporter },
  );

/** The tags of each image, by digest. */
async function tagsByDigest(): Promise<Record<string, string[]>> {
  const { imageDetails = [] } = await local.ecr.send(
    new DescribeImagesCommand({ repositoryName: repository, filter: { imageStatus: 'ANY' } }),
  );
  return Object.fromEntries(
    imageDetails.map(({ imageDigest, imageTags = [] }) => [imageDigest, [...imageTags].sort()]),
  );
}

async function empty(imageTagMutability: ImageTagMutability = 'MUTABLE'): Promise<void> {
  await local.ecr.send(new DeleteRepositoryCommand({ repositoryName: repository, force: true }));
  await local.ecr.send(
    new CreateRepositoryCommand({ repositoryName: repository, imageTagMutability }),
  );
}

describe('a backup with images', () => {
  it.each(['MUTABLE', 'IMMUTABLE'] as const)(
    'restores indexes, signatures, untagged images and tags into an empty %s repository',
    async (mutability) => {
      const before = await tagsByDigest();
      await backup();
      await empty(mutability);
      expect(isRestored(await restore())).toBe(true);
      expect(await tagsByDigest()).toEqual(before);
    },
  );

  it('keeps the order of the pushes, by which lifecycle policies count', async () => {
    const order = (await registry.images(repository)).map(({ digest }) => digest);
    await backup();
    await empty();
    await restore();
    expect((await registry.images(repository)).map(({ digest }) => digest)).toEqual(order);
  });

  it('is an OCI image layout that names each image', async () => {
    await backup();
    const layout = await OciLayout.open(path.join(folder(), 'images'));
    const names = (await layout.images()).map(
      ({ annotations }) => annotations?.['org.opencontainers.image.ref.name'],
    );
    expect(names).toEqual(
      expect.arrayContaining(['team/app:v1', 'team/app:v2', 'team/app:latest']),
    );
    expect((await layout.read(signature.digest)).toString()).toContain(index.digest);
  });

  it('pushes only the images that are missing', async () => {
    await backup();
    await local.ecr.send(
      new BatchDeleteImageCommand({ repositoryName: repository, imageIds: [{ imageTag: 'v1' }] }),
    );
    const { repositories } = await restore();
    const actions = repositories[0]?.images.map(({ action }) => action);
    expect(actions?.filter((action) => action === 'push')).toHaveLength(1);
    expect(actions?.filter((action) => action === 'present')).toHaveLength(5);
  });

  it('changes nothing in a dry run', async () => {
    await backup();
    await empty();
    const result = await restore({ dryRun: true });
    expect(result.repositories[0]?.images).toHaveLength(6);
    expect(await tagsByDigest()).toEqual({});
  });

  it('is not overwritten', async () => {
    await backup();
    await expect(backup()).rejects.toMatchObject({ code: 'BACKUP_EXISTS' });
  });

  it('protects its images from destroy while all of their blobs are present', async () => {
    const [team] = await registry.repositories();
    if (!team) throw new Error('there is no repository');
    const images = [index, amd64].map(({ digest }) => ({ digest, tags: [] }));
    const backedUp = () => backedUpImages(root, 'local')(team, images);
    expect(await backedUp()).toEqual(new Set());
    await backup();
    expect(await backedUp()).toEqual(new Set([index.digest, amd64.digest]));
    const layout = await OciLayout.open(path.join(folder(), 'images'));
    const { config } = JSON.parse((await layout.read(amd64.digest)).toString());
    await rm(layout.blobPath(config.digest));
    expect(await backedUp()).toEqual(new Set());
  });
});

describe('an image that was tagged again after the backup', () => {
  const destroy = () =>
    guardImages('local', ['stack'], {
      repositoriesToDelete: async () => [repository],
      registry,
      backedUpImages: backedUpImages(root, 'local'),
    });
  const tagAgain = async (image: Descriptor, tag: string) => {
    const manifests = await registry.manifests(repository, [image.digest]);
    await local.ecr.send(
      new PutImageCommand({
        repositoryName: repository,
        imageTag: tag,
        imageManifest: manifests.get(image.digest),
        imageManifestMediaType: image.mediaType,
      }),
    );
  };
  const backUpTo = (shown: string) =>
    backUp(
      {
        environment: 'local',
        dir: path.join(root, shown),
        shownDir: shown,
        withImages: true,
        namespaces: new Set(['team']),
      },
      { registry, now: () => new Date(), reporter },
    );

  it.each([
    ['a rollback', 'latest'],
    ['a new version', 'v3'],
  ])(
    'is not destroyed after %s until a backup has its tags, and is restored with them',
    async (_, tag) => {
      await backUpTo('backups/local/1');
      await destroy();
      await tagAgain(amd64, tag);
      await expect(destroy()).rejects.toMatchObject({
        code: 'IMAGES_NOT_BACKED_UP',
        message: expect.stringMatching(
          /in no backup with their present tags: team\/app \(1 of 6\)/,
        ),
      });

      await backUpTo('backups/local/2');
      await destroy();
      const before = await tagsByDigest();
      expect(before[amd64.digest]).toEqual([tag]);
      await empty();
      const newest = await readBackup(
        path.join(root, 'backups/local/2'),
        'backups/local/2',
        'local',
      );
      const restored = await restoreRegistry(
        { environment: 'local', backup: newest, force: false, dryRun: false },
        { registry, reporter },
      );
      expect(isRestored(restored)).toBe(true);
      expect(await tagsByDigest()).toEqual(before);
    },
  );

  it('is not destroyed if only a backup before the newest has its tag', async () => {
    await backUpTo('backups/local/1');
    await tagAgain(amd64, 'latest');
    await backUpTo('backups/local/2');
    await tagAgain(index, 'latest');
    await expect(destroy()).rejects.toMatchObject({ code: 'IMAGES_NOT_BACKED_UP' });
  });
});

describe('restoring a tag that points to another image', () => {
  const moveLatest = async () => {
    await backup();
    const other = await samples.image(repository, 'other', { tags: ['latest'] });
    return other.digest;
  };

  it('does not move it', async () => {
    const other = await moveLatest();
    const result = await restore();
    expect(isRestored(result)).toBe(false);
    expect((await tagsByDigest())[other]).toEqual(['latest']);
    const tags = result.repositories[0]?.images.flatMap((each) => each.tags);
    expect(tags).toContainEqual({ tag: 'latest', action: 'conflict', currentDigest: other });
  });

  it('moves it with force', async () => {
    await moveLatest();
    expect(isRestored(await restore({ force: true }))).toBe(true);
    expect((await tagsByDigest())[index.digest]).toEqual(['latest', 'v2']);
  });

  it('does not move it even with force if the repository is immutable', async () => {
    const other = await moveLatest();
    await local.ecr.send(
      new PutImageTagMutabilityCommand({
        repositoryName: repository,
        imageTagMutability: 'IMMUTABLE',
      }),
    );
    expect(isRestored(await restore({ force: true }))).toBe(false);
    expect((await tagsByDigest())[other]).toEqual(['latest']);
  });
});

describe('an interrupted backup', () => {
  /** Ends a backup after three requests for blobs, as a kill would: without cleaning up. */
  const interrupted = async () => {
    let left = 3;
    const failing: RemoteRegistry = Object.create(registry);
    failing.open = async (name) => {
      const opened = await registry.open(name);
      const getBlob = opened.client.getBlob.bind(opened.client);
      opened.client.getBlob = async (...request) => {
        left -= 1;
        if (left < 0) throw new Error('killed');
        return getBlob(...request);
      };
      return opened;
    };
    await expect(backup({ from: failing })).rejects.toThrow('killed');
  };

  it('is incomplete and protects nothing', async () => {
    await interrupted();
    await expect(readBackup(folder(), shownDir, 'local')).rejects.toMatchObject({
      code: 'BACKUP_INCOMPLETE',
      message: expect.stringContaining(`-c local --images --to=${shownDir}`),
    });
    const [team] = await registry.repositories();
    if (!team) throw new Error('there is no repository');
    expect(await backedUpImages(root, 'local')(team, [{ digest: index.digest, tags: [] }])).toEqual(
      new Set(),
    );
  });

  it('is resumed without fetching again what is present', async () => {
    await interrupted();
    const { repositories } = await backup();
    expect(repositories[0]?.presentBytes).toBeGreaterThan(0);
    const before = await tagsByDigest();
    await empty();
    await restore();
    expect(await tagsByDigest()).toEqual(before);
  });

  it('leaves no partial blob behind', async () => {
    await interrupted();
    const blobs = path.join(folder(), 'images/blobs/sha256');
    await writeFile(path.join(blobs, '.partial'), 'pa');
    await backup();
    expect((await readdir(blobs)).filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
  });
});

describe('a backup without images', () => {
  it('restores tags of images that are present and reports which images are missing', async () => {
    await backup({ withImages: false });
    const removeTag = (imageTag: string) =>
      local.ecr.send(
        new BatchDeleteImageCommand({ repositoryName: repository, imageIds: [{ imageTag }] }),
      );
    await removeTag('latest');
    await removeTag('v1');
    const result = await restore();
    expect((await tagsByDigest())[index.digest]).toEqual(['latest', 'v2']);
    const missing = result.repositories[0]?.images.filter(({ action }) => action === 'missing');
    expect(missing).toMatchObject([{ tags: [{ tag: 'v1', action: 'missing' }] }]);
  });
});

describe('restore', () => {
  it('rejects a backup of a repository that does not exist', async () => {
    await backup();
    await local.ecr.send(new DeleteRepositoryCommand({ repositoryName: repository, force: true }));
    await expect(restore()).rejects.toMatchObject({
      code: 'REPOSITORY_MISSING',
      message: expect.stringContaining('nx run infra:deploy -c local'),
    });
    await local.ecr.send(new CreateRepositoryCommand({ repositoryName: repository }));
  });

  it('rejects a backup of another environment', async () => {
    await backup();
    await expect(restore({ environment: 'prod' })).rejects.toMatchObject({
      code: 'BACKUP_OF_ANOTHER_ENVIRONMENT',
    });
  });

  it('rejects a repository that is not in the backup', async () => {
    await backup();
    await expect(restore({ repository: 'team/ap' })).rejects.toMatchObject({
      code: 'REPOSITORY_NOT_IN_BACKUP',
    });
  });

  it('rejects a backup with a changed file', async () => {
    await backup();
    const file = path.join(folder(), 'repositories/team/app.json');
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll('latest', 'newest'));
    await expect(restore()).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
  });

  it('rejects a folder that does not exist', async () => {
    await expect(restore()).rejects.toMatchObject({ code: 'BACKUP_MISSING' });
  });
});

it('backs up byte by byte an image that was put with the ECR API', async () => {
  const layout = await OciLayout.open(path.join(root, 'samples'));
  const imageManifest = `${(await layout.read(amd64.digest)).toString()}\n`;
  await local.ecr.send(
    new PutImageCommand({ repositoryName: repository, imageManifest, imageTag: 'newline' }),
  );
  const before = await tagsByDigest();
  await backup();
  await empty();
  await restore();
  expect(await tagsByDigest()).toEqual(before);
});
