import path from 'node:path';
import { type EcrTarget, type RemoteImage } from '@typerush/ecr-access';
import { type Environment } from '@typerush/image-registry';
import { type Digest, isComplete, type OciLayout } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';
import { backupFolders } from '../backup/backup-format';
import { type Backup, readBackup } from '../backup/read-backup';
import { readAssembly } from '../declared/read-assembly';
import { EcrRemoteRegistry } from '../ecr-remote-registry';
import { inBatches, type RemoteRegistry, type RepositoryDescription } from '../remote-registry';
import { repositoriesToDelete, type RepositoriesToDelete } from './deployed-stacks';

/**
 * @param stack Default: all stacks of the environment.
 * @throws PipelineError IMAGES_NOT_BACKED_UP, NOT_SYNTHESIZED, and the errors of the registry
 */
export async function guardDestroy(
  workspaceRoot: string,
  environment: Environment,
  target: EcrTarget,
  stack?: string,
): Promise<void> {
  const stacks = stack
    ? [stack]
    : (await readAssembly(workspaceRoot, environment)).map(({ name }) => name);
  await guardImages(environment, stacks, {
    repositoriesToDelete: repositoriesToDelete(target, environment),
    registry: new EcrRemoteRegistry(target, environment),
    backedUpImages: backedUpImages(workspaceRoot, environment),
  });
}

export type TaggedImage = Pick<RemoteImage, 'digest' | 'tags'>;

export interface GuardPorts {
  readonly repositoriesToDelete: RepositoriesToDelete;
  readonly registry: RemoteRegistry;
  /** Which of these images can be restored from complete backups, with the tags that they have now. */
  readonly backedUpImages: (
    repository: RepositoryDescription,
    images: readonly TaggedImage[],
  ) => Promise<ReadonlySet<Digest>>;
}

/**
 * Rejects the deletion of stacks if it would delete images that are in no backup. Which repositories are deleted depends on
 * the template that was deployed, not on what is declared now: a retained repository is safe.
 *
 * @throws PipelineError IMAGES_NOT_BACKED_UP, and the errors of the registry
 */
export async function guardImages(
  environment: Environment,
  stacks: readonly string[],
  ports: GuardPorts,
): Promise<void> {
  const names = await inBatches(stacks, ports.repositoriesToDelete);
  const toDelete = new Set(names.flat());
  if (toDelete.size === 0) return;
  const existing = (await ports.registry.repositories()).filter(({ name }) => toDelete.has(name));
  const lost = (await inBatches(existing, (each) => countLost(each, ports))).filter(
    ({ images }) => images > 0,
  );
  if (lost.length === 0) return;
  const where = lost.map(({ name, images, of }) => `${name} (${images} of ${of})`).join(', ');
  throw new PipelineError(
    'IMAGES_NOT_BACKED_UP',
    `destroy would delete images that are in no backup with their present tags: ${where}.\nNothing was deleted.\n` +
      `Fix: back them up: nx run infra:backup -c ${environment} --images\n` +
      `     or delete them without a backup: nx run infra:destroy -c ${environment} --force`,
  );
}

async function countLost(
  repository: RepositoryDescription,
  { registry, backedUpImages }: GuardPorts,
) {
  const images = await registry.images(repository.name);
  const backedUp = await backedUpImages(repository, images);
  const lost = images.filter(({ digest }) => !backedUp.has(digest));
  return { name: repository.name, images: lost.length, of: images.length };
}

/**
 * The images in the complete backups of an environment, if all of their blobs are present, and each of their tags points to
 * them in the newest backup that has it: a tag that was moved since the backup would be lost.
 */
export function backedUpImages(
  workspaceRoot: string,
  environment: Environment,
): GuardPorts['backedUpImages'] {
  let backups: Promise<readonly Backup[]> | undefined;
  return async (repository, images) => {
    backups ??= readBackups(workspaceRoot, environment);
    const backedUp = new Set<Digest>();
    const digestByTag = new Map<string, Digest>();
    for (const { manifest, repositories, layout } of await backups) {
      if (!layout || !isSameRegistry(manifest, repository)) continue;
      const backup = repositories.find(({ name }) => name === repository.name);
      for (const { digest, tags } of backup?.images ?? []) {
        for (const tag of tags) if (!digestByTag.has(tag)) digestByTag.set(tag, digest);
      }
      const recorded = new Set(backup?.images.map(({ digest }) => digest));
      for (const { digest } of images) {
        if (backedUp.has(digest) || !recorded.has(digest)) continue;
        if (await isBackedUp(layout, digest)) backedUp.add(digest);
      }
    }
    const keepsTags = ({ digest, tags }: TaggedImage) =>
      tags.every((tag) => digestByTag.get(tag) === digest);
    const restorable = images.filter((image) => backedUp.has(image.digest) && keepsTags(image));
    return new Set(restorable.map(({ digest }) => digest));
  };
}

/** A repository of the same name in another account or region contains other images. */
const isSameRegistry = (
  { registryId, region }: Backup['manifest'],
  { arn }: RepositoryDescription,
) => arn.split(':')[3] === region && arn.split(':')[4] === registryId;

async function readBackups(root: string, environment: Environment): Promise<readonly Backup[]> {
  const backups: Backup[] = [];
  for (const folder of await backupFolders(root, environment)) {
    try {
      backups.push(await readBackup(path.join(root, folder), folder, environment));
    } catch (error) {
      // An interrupted or damaged backup does not protect images.
      if (!(error instanceof PipelineError)) throw error;
    }
  }
  return backups;
}

async function isBackedUp(layout: OciLayout, digest: Digest): Promise<boolean> {
  const top = await layout.resolve(digest);
  return top !== undefined && (await isComplete(layout, top));
}
