import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { BenchError } from './bench-error';
import { type Runner } from './runner';

const needed = [
  ['git', ['--version'], 'git'],
  ['aws', ['--version'], "the AWS CLI, for the seed's `docker login` (Debian: awscli)"],
  [
    'docker',
    ['info', '--format', '{{.ServerVersion}}'],
    'a Docker client, and a daemon that answers it',
  ],
  ['docker', ['build', '--help'], 'a Docker client that can build'],
] as const;

/** Everything that is missing, in one message. @throws BenchError `MISSING` */
export async function checkMachine(runner: Runner, workspaceRoot: string): Promise<void> {
  const missing: string[] = [];
  if (process.platform !== 'linux') missing.push('Linux: processor time is read from /proc');
  for (const [file, args, what] of needed) {
    const found = await runner
      .attempt({ label: file, file, args, cwd: '/' })
      .catch(() => undefined);
    if (found?.code !== 0) missing.push(what);
  }
  const nx = path.join(workspaceRoot, 'node_modules/.bin/nx');
  await access(nx, constants.X_OK).catch(() =>
    missing.push('the packages of this workspace: npm ci'),
  );
  if (missing.length === 0) return;
  throw new BenchError(
    'MISSING',
    `bench:ship needs\n${missing.map((each) => `  ${each}\n`).join('')}`,
  );
}
