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
import { imagesInBackups } from './destroy-guard/images-in-backups';
import { EcrStandingRegistry } from './ecr-standing-registry';
import { type RepositoryAccess, repositoryAccess } from './repository-access';
import { isRestored } from './restore/describe-restore';
import { restoreRegistry, type RestoreRequest } from './restore/restore-registry';

jest.setTimeout(60_000);

const repository = 'team/app';
const reporter = { note: () => undefined, progress: () => undefined };

let local: EcrLocal;
let registry: EcrStandingRegistry;
let open: RepositoryAccess;
let root: string;
let samples: SampleImages;

beforeAll(async () => {
  local = await EcrLocal.start();
  registry = new EcrStandingRegistry(local.target, 'local');
  open = repositoryAccess(local.target, 'local');
});
afterAll(() => local.stop());

let amd64: Descriptor;
let index: Descriptor;
let signature: Descriptor;

/** A repository with a list of two images, a signature of it, an old image and one without a tag. */
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'backup-'));
  samples = new SampleImages(path.join(root, 'samples'), open);
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

const backup = ({ withImages = true, access = open } = {}) =>
  backUp(
    { environment: 'local', dir: folder(), shownDir, withImages, namespaces: new Set(['team']) },
    { registry, open: access, now: () => new Date(), reporter },
  );

const restore = async (options: Partial<RestoreRequest> = {}) =>
  restoreRegistry(
    {
      environment: 'local',
      backup: await readBackup(folder(), shownDir),
      force: false,
      dryRun: false,
      ...options,
    },
    { registry, open, reporter },
  );

/** The tags of each image, by digest. */
async function standing(): Promise<Record<string, string[]>> {
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
    'brings everything back into an empty %s repository: lists, signatures, untagged images, tags',
    async (mutability) => {
      const before = await standing();
      await backup();
      await empty(mutability);
      expect(isRestored(await restore())).toBe(true);
      expect(await standing()).toEqual(before);
    },
  );

  it('keeps the order of the pushes, by which a policy counts', async () => {
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

  it('has what stands left alone, and only what is missing sent', async () => {
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
    expect(await standing()).toEqual({});
  });

  it('is not written over', async () => {
    await backup();
    await expect(backup()).rejects.toMatchObject({ code: 'BACKUP_EXISTS' });
  });

  it('protects its images, as long as all of their blobs are there', async () => {
    const [team] = await registry.repositories();
    if (!team) throw new Error('there is no repository');
    const held = () => imagesInBackups(root, 'local')(team, [index.digest, amd64.digest]);
    expect(await held()).toEqual(new Set());
    await backup();
    expect(await held()).toEqual(new Set([index.digest, amd64.digest]));
    const layout = await OciLayout.open(path.join(folder(), 'images'));
    const { config } = JSON.parse((await layout.read(amd64.digest)).toString());
    await rm(layout.blobPath(config.digest));
    expect(await held()).toEqual(new Set());
  });
});

describe('a tag that stands on another image', () => {
  const moveLatest = async () => {
    await backup();
    const other = await samples.image(repository, 'other', { tags: ['latest'] });
    return other.digest;
  };

  it('stays there', async () => {
    const other = await moveLatest();
    const result = await restore();
    expect(isRestored(result)).toBe(false);
    expect((await standing())[other]).toEqual(['latest']);
    const tags = result.repositories[0]?.images.flatMap((each) => each.tags);
    expect(tags).toContainEqual({ tag: 'latest', action: 'conflict', currentDigest: other });
  });

  it('comes back by force', async () => {
    await moveLatest();
    expect(isRestored(await restore({ force: true }))).toBe(true);
    expect((await standing())[index.digest]).toEqual(['latest', 'v2']);
  });

  it('stays there, whatever is asked for, where the repository is immutable', async () => {
    const other = await moveLatest();
    await local.ecr.send(
      new PutImageTagMutabilityCommand({
        repositoryName: repository,
        imageTagMutability: 'IMMUTABLE',
      }),
    );
    expect(isRestored(await restore({ force: true }))).toBe(false);
    expect((await standing())[other]).toEqual(['latest']);
  });
});

describe('a backup that was interrupted', () => {
  /** Ends a backup after so many requests for blobs, as a kill would: nothing is tidied up. */
  const interrupted = async () => {
    let left = 3;
    const failing: RepositoryAccess = async (name) => {
      const opened = await open(name);
      const getBlob = opened.client.getBlob.bind(opened.client);
      opened.client.getBlob = async (...request) => {
        left -= 1;
        if (left < 0) throw new Error('killed');
        return getBlob(...request);
      };
      return opened;
    };
    await expect(backup({ access: failing })).rejects.toThrow('killed');
  };

  it('does not look complete, and protects nothing', async () => {
    await interrupted();
    await expect(readBackup(folder(), shownDir)).rejects.toMatchObject({
      code: 'BACKUP_INCOMPLETE',
      message: expect.stringContaining(`--to=${shownDir}`),
    });
    const [team] = await registry.repositories();
    if (!team) throw new Error('there is no repository');
    expect(await imagesInBackups(root, 'local')(team, [index.digest])).toEqual(new Set());
  });

  it('is taken up where it stopped', async () => {
    await interrupted();
    const { repositories } = await backup();
    expect(repositories[0]?.presentBytes).toBeGreaterThan(0);
    const before = await standing();
    await empty();
    await restore();
    expect(await standing()).toEqual(before);
  });

  it('leaves no half blob behind', async () => {
    await interrupted();
    const blobs = path.join(folder(), 'images/blobs/sha256');
    await writeFile(path.join(blobs, '.half'), 'ha');
    await backup();
    expect((await readdir(blobs)).filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
  });
});

describe('a backup without images', () => {
  it('brings back tags of images that stand, and tells which are missing', async () => {
    await backup({ withImages: false });
    const tagOf = (imageTag: string) =>
      local.ecr.send(
        new BatchDeleteImageCommand({ repositoryName: repository, imageIds: [{ imageTag }] }),
      );
    await tagOf('latest');
    await tagOf('v1');
    const result = await restore();
    expect((await standing())[index.digest]).toEqual(['latest', 'v2']);
    const missing = result.repositories[0]?.images.filter(({ action }) => action === 'missing');
    expect(missing).toMatchObject([{ tags: [{ tag: 'v1', action: 'missing' }] }]);
  });
});

describe('a restoration is refused, and changes nothing,', () => {
  it('where a repository does not exist', async () => {
    await backup();
    await local.ecr.send(new DeleteRepositoryCommand({ repositoryName: repository, force: true }));
    await expect(restore()).rejects.toMatchObject({
      code: 'REPOSITORY_MISSING',
      message: expect.stringContaining('nx run infra:deploy -c local'),
    });
    await local.ecr.send(new CreateRepositoryCommand({ repositoryName: repository }));
  });

  it('where the backup is another environment’s', async () => {
    await backup();
    await expect(restore({ environment: 'prod' })).rejects.toMatchObject({
      code: 'BACKUP_OF_ANOTHER_ENVIRONMENT',
    });
  });

  it('where the backup knows no such repository', async () => {
    await backup();
    await expect(restore({ repository: 'team/ap' })).rejects.toMatchObject({
      code: 'REPOSITORY_NOT_IN_BACKUP',
    });
  });

  it('where a file of the backup was changed', async () => {
    await backup();
    const file = path.join(folder(), 'repositories/team/app.json');
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll('latest', 'newest'));
    await expect(restore()).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
  });

  it('where there is no backup', async () => {
    await expect(restore()).rejects.toMatchObject({ code: 'BACKUP_MISSING' });
  });
});

it('an image that is put with the API, without the registry protocol, is backed up byte by byte', async () => {
  const layout = await OciLayout.open(path.join(root, 'samples'));
  const imageManifest = `${(await layout.read(amd64.digest)).toString()}\n`;
  await local.ecr.send(
    new PutImageCommand({ repositoryName: repository, imageManifest, imageTag: 'newline' }),
  );
  const before = await standing();
  await backup();
  await empty();
  await restore();
  expect(await standing()).toEqual(before);
});
