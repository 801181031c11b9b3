import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { type Digest, isComplete, type OciLayout } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';
import { backupFolders } from '../backup/backup-folders';
import { type Backup, readBackup } from '../backup/read-backup';
import { type StandingRepository } from '../standing-registry';
import { type GuardPorts } from './guard-images';

/** The images that an environment's complete backups hold, every blob of them there. */
export function imagesInBackups(
  workspaceRoot: string,
  environment: Environment,
): GuardPorts['backedUpImages'] {
  let backups: Promise<readonly Backup[]> | undefined;
  return async (repository, digests) => {
    backups ??= readBackups(workspaceRoot, environment);
    const backedUp = new Set<Digest>();
    for (const { manifest, repositories, layout } of await backups) {
      if (!layout || !isOf(manifest, repository)) continue;
      const record = repositories.find(({ name }) => name === repository.name);
      const recorded = new Set(record?.images.map(({ digest }) => digest));
      for (const digest of digests) {
        if (backedUp.has(digest) || !recorded.has(digest)) continue;
        if (await isBackedUp(layout, digest)) backedUp.add(digest);
      }
    }
    return backedUp;
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
      // Neither an interrupted backup nor a damaged one protects images.
      if (!(error instanceof PipelineError)) throw error;
    }
  }
  return backups;
}

async function isBackedUp(layout: OciLayout, digest: Digest): Promise<boolean> {
  const top = await layout.resolve(digest);
  return top !== undefined && (await isComplete(layout, top));
}
