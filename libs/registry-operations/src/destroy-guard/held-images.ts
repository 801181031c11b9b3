import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { type Digest, type OciLayout } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';
import { backupFolders } from '../backup/backup-folders';
import { type Backup, heldManifest, readBackup } from '../backup/read-backup';
import { manifestContent } from '../manifest-content';
import { type StandingRepository } from '../standing-registry';
import { type GuardPorts } from './guard-images';

/** The images that an environment's complete backups hold, every blob of them there. */
export function imagesInBackups(
  workspaceRoot: string,
  environment: Environment,
): GuardPorts['heldImages'] {
  let backups: Promise<readonly Backup[]> | undefined;
  return async (repository, digests) => {
    backups ??= readBackups(workspaceRoot, environment);
    const held = new Set<Digest>();
    for (const { manifest, repositories, layout } of await backups) {
      if (!layout || !isOf(manifest, repository)) continue;
      const record = repositories.find(({ name }) => name === repository.name);
      const recorded = new Set(record?.images.map(({ digest }) => digest));
      for (const digest of digests) {
        if (held.has(digest) || !recorded.has(digest)) continue;
        if (await isWhole(layout, digest)) held.add(digest);
      }
    }
    return held;
  };
}

/** Under a name that is the same everywhere, another account or region holds other images. */
const isOf = ({ registryId, region }: Backup['manifest'], { arn }: StandingRepository) =>
  arn.split(':')[3] === region && arn.split(':')[4] === registryId;

async function readBackups(root: string, environment: Environment): Promise<readonly Backup[]> {
  const backups: Backup[] = [];
  for (const folder of await backupFolders(root, environment)) {
    try {
      backups.push(await readBackup(path.join(root, folder), folder));
    } catch (error) {
      // Neither an interrupted backup nor a damaged one is any protection.
      if (!(error instanceof PipelineError)) throw error;
    }
  }
  return backups;
}

async function isWhole(layout: OciLayout, digest: Digest): Promise<boolean> {
  const bytes = await heldManifest(layout, digest);
  const content = bytes && manifestContent(bytes.toString());
  if (!content) return false;
  const blobs = content.blobs.map((blob) =>
    layout.blobFile(blob).then(
      () => true,
      () => false,
    ),
  );
  const children = content.children.map((child) => isWhole(layout, child));
  return (await Promise.all([...blobs, ...children])).every(Boolean);
}
