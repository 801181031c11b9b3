import { spawn } from 'node:child_process';
import { pipeline } from 'node:stream/promises';
import { type DockerArchive } from '@typerush/oci';
import { lastLines, runCommand } from '@typerush/child-process';
import { PipelineError } from '@typerush/pipeline-context';

type Variables = Readonly<Record<string, string | undefined>>;

const clients = ['docker', 'podman'] as const;

/**
 * Hands an image to the local Docker or podman, without a file in between.
 * @returns What took it.
 * @throws PipelineError `NOTHING_TO_LOAD_INTO`, `LOAD_FAILED`
 */
export async function loadImage(archive: DockerArchive, variables: Variables): Promise<string> {
  const client = await findClient(variables);
  await loadInto(client, archive, variables);
  return client;
}

/** The same for a client that is known to answer. @throws PipelineError `LOAD_FAILED` */
export async function loadInto(
  client: string,
  archive: DockerArchive,
  variables: Variables,
): Promise<void> {
  const { code, said } = await load(client, archive, variables);
  if (code === 0) return;
  throw new PipelineError(
    'LOAD_FAILED',
    `${client} load has failed: ${said || `exit code ${code}`}`,
  );
}

/** The first one that answers: a docker client without its daemon does not. */
async function findClient(variables: Variables): Promise<string> {
  const reasons: string[] = [];
  for (const client of clients) {
    const found = await runCommand(client, ['info'], { env: variables, timeout: 10_000 });
    if (found.code === 0) return client;
    reasons.push(`${client}: ${lastLines(found, 1) || `exit code ${found.code}`}`);
  }
  throw new PipelineError(
    'NOTHING_TO_LOAD_INTO',
    `--load needs a Docker daemon or podman, and neither answers (${reasons.join('; ')}). ` +
      'Start one, or write a file for later with --output=archive.',
  );
}

async function load(client: string, archive: DockerArchive, variables: Variables) {
  const child = spawn(client, ['load'], {
    env: variables as NodeJS.ProcessEnv,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  const ended = new Promise<number>((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 1));
  });
  const [sent, code] = await Promise.all([
    pipeline(archive.open(), child.stdin).catch((error: unknown) => error),
    ended,
  ]);
  // A client that refuses stops reading: what it says tells more than the broken pipe does.
  if (sent instanceof Error && (sent as NodeJS.ErrnoException).code !== 'EPIPE') throw sent;
  return { code, said: said.trim().split('\n').slice(-3).join('\n') };
}
