import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { type PushPlan } from '../image-engine';
import { type Docker } from './docker';

type Variables = Readonly<Record<string, string | undefined>>;

const configSchema = z.looseObject({ currentContext: z.string().optional() });

/**
 * Runs `body` logged in to a registry, with a Docker configuration of its own that no other user can read and
 * that is gone afterwards: the user's own never sees the token. The user's context, which says where the daemon
 * is, stays in force.
 */
export async function withLogin<T>(
  docker: Docker,
  { host, credentials }: Pick<PushPlan, 'host' | 'credentials'>,
  variables: Variables,
  body: (env: Variables) => Promise<T>,
): Promise<T> {
  // mkdtemp gives mode 0700.
  const folder = await mkdtemp(path.join(tmpdir(), `nx-ecr-login-${process.pid}-`));
  const forgetful = removeAtExit(folder);
  try {
    await carryContext(variables, folder);
    const env = { DOCKER_CONFIG: folder };
    await docker.expect(
      'LOGIN_FAILED',
      `docker cannot log in to ${host}:`,
      ['login', '--username', credentials.username, '--password-stdin', host],
      { env, input: credentials.password },
    );
    return await body(env);
  } finally {
    forgetful.cancel();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ctrl-C must not leave a token behind. */
function removeAtExit(folder: string): { cancel(): void } {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const onSignal = (signal: NodeJS.Signals) => {
    remove();
    cancel();
    process.kill(process.pid, signal);
  };
  const cancel = () => {
    process.off('exit', remove);
    for (const signal of signals) process.off(signal, onSignal);
  };
  process.on('exit', remove);
  for (const signal of signals) process.on(signal, onSignal);
  return { cancel };
}

async function carryContext(variables: Variables, folder: string): Promise<void> {
  const own = variables['DOCKER_CONFIG'] ?? path.join(variables['HOME'] ?? homedir(), '.docker');
  const text = await readFile(path.join(own, 'config.json'), 'utf8').catch(() => '{}');
  const { currentContext } = configSchema.parse(JSON.parse(text));
  await writeFile(path.join(folder, 'config.json'), JSON.stringify({ currentContext }), {
    mode: 0o600,
  });
  await symlink(path.join(own, 'contexts'), path.join(folder, 'contexts'));
}
