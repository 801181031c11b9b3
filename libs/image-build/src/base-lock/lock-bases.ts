import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { baseReferences, RegistryError, type BaseSource } from '@typerush/oci';
import { PipelineError, writeText } from '@typerush/pipeline-context';
import { type Report } from '@typerush/terminal-output';
import { formatBaseLock } from './base-lock';
import { lockFileOf } from './lock-file';
import { describeLock } from './describe-lock';
import { readBaseLock } from './read-base-lock';
import { updateBaseLock } from './update-base-lock';

export interface LockRequest {
  readonly root: string;
  /** Relative to the root. */
  readonly dockerfile: string;
  /** `--build-arg` */
  readonly args: Readonly<Record<string, string>>;
  readonly dryRun: boolean;
  /** As the tags stand now: neither pinned nor a stand-in. */
  readonly bases: BaseSource;
}

/**
 * Pins every base image of a Dockerfile to what its tag stands for now.
 * @throws PipelineError `FILE_MISSING`, `BASE_LOCK_INVALID`, `BASE_UNAVAILABLE`; DockerfileError; the file stays as it is then
 */
export async function lockBases(request: LockRequest): Promise<Report> {
  const { root, dockerfile, args, dryRun, bases } = request;
  const text = await readDockerfile(root, dockerfile);
  const references = baseReferences(text, { file: dockerfile, args }).all;
  const standing = await readBaseLock(root, dockerfile);
  const file = lockFileOf(dockerfile);
  const update = await updateBaseLock(standing, references, bases).catch((error: unknown) => {
    throw explained(error, file);
  });
  if (update.changed && !dryRun) {
    await writeText(path.join(root, file), formatBaseLock(update.lock));
  }
  return describeLock(file, update, dryRun);
}

async function readDockerfile(root: string, dockerfile: string): Promise<string> {
  return readFile(path.join(root, dockerfile), 'utf8').catch((cause: unknown) => {
    throw new PipelineError('FILE_MISSING', `${dockerfile} cannot be read in ${root}: create it.`, {
      cause,
    });
  });
}

function explained(error: unknown, file: string): unknown {
  if (!(error instanceof RegistryError)) return error;
  return new PipelineError(
    'BASE_UNAVAILABLE',
    `${file} is left as it is, because a base image of the Dockerfile cannot be looked up: ${error.message}`,
    { cause: error },
  );
}
