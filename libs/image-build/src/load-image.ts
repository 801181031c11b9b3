import { spawn } from 'node:child_process';
import { pipeline } from 'node:stream/promises';
import { type DockerArchive } from '@typerush/oci';
import { lastLines, runCommand } from '@typerush/child-process';
import { PipelineError } from '@typerush/pipeline-context';

const clients = ['docker', 'podman'] as const;

/**
 * Loads an image into the local Docker or podman, without a file in between.
 *
 * @returns the client that loaded it
 * @throws PipelineError `NOTHING_TO_LOAD_INTO`, `LOAD_FAILED`
 */
export async function loadImage(
  archive: DockerArchive,
  variables: NodeJS.ProcessEnv,
): Promise<string> {
  const client = await findClient(variables);
  await loadInto(client, archive, variables);
  return client;
}

/** A Docker client without its daemon does not respond to `info`. */
async function findClient(variables: NodeJS.ProcessEnv): Promise<string> {
  const reasons: string[] = [];
  for (const client of clients) {
    const found = await runCommand(client, ['info'], { env: variables, timeout: 10_000 });
    if (found.code === 0) return client;
    reasons.push(`${client}: ${lastLines(found, 1) || `exit code ${found.code}`}`);
  }
  throw new PipelineError(
    'NOTHING_TO_LOAD_INTO',
    `Cannot load the image: neither a Docker daemon nor podman responds (${reasons.join('; ')}).\n` +
      'Fix: start one of them, or write a file with --output=archive instead of --load.',
  );
}

/** Loads an image with a client that responds. @throws PipelineError `LOAD_FAILED` */
export async function loadInto(
  client: string,
  archive: DockerArchive,
  variables: NodeJS.ProcessEnv,
): Promise<void> {
  const child = spawn(client, ['load'], { env: variables, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = new Promise<number>((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 1));
  });
  const [sendError, code] = await Promise.all([
    pipeline(archive.open(), child.stdin).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error,
    ),
    ended,
  ]);
  // A client that fails stops reading: its output explains more than the broken pipe.
  if (sendError && sendError.code !== 'EPIPE') throw sendError;
  if (code === 0) return;
  const reason = output.trim().split('\n').slice(-3).join('\n') || `exit code ${code}`;
  throw new PipelineError('LOAD_FAILED', `${client} load failed: ${reason}`);
}
