import { existsSync } from 'node:fs';
import path from 'node:path';
import { PipelineError } from '@typerush/pipeline-context';

/** By the command that installs them. */
const byCommand = new Map<RegExp, readonly string[]>([
  [/\bnpm ci\b/, ['package-lock.json', 'npm-shrinkwrap.json']],
  [/\bpnpm install\b/, ['pnpm-lock.yaml']],
  [/\byarn install\b/, ['yarn.lock']],
  [/\bbun install\b/, ['bun.lock', 'bun.lockb']],
]);

/** The lock files of the package managers that the shared Dockerfile can install with. */
export const lockFiles: readonly string[] = [...byCommand.values()].flat();

/**
 * An installation fails without a lock file after minutes: when the base image has been pulled and the context sent.
 *
 * @param dockerfile its text
 * @throws PipelineError `LOCK_FILE_MISSING` if it installs by lock files, and the workspace has none of them
 */
export function requireLockFile(dockerfile: string, workspaceRoot: string): void {
  const code = withoutComments(dockerfile);
  const usable = [...byCommand].flatMap(([command, files]) => (command.test(code) ? files : []));
  if (usable.length === 0) return;
  if (usable.some((file) => existsSync(path.join(workspaceRoot, file)))) return;
  throw new PipelineError(
    'LOCK_FILE_MISSING',
    `Cannot run the Dockerfile: it installs packages by a lock file, and ${workspaceRoot} has no ${usable.join(', ')}.\n` +
      'Nothing was built.\n' +
      'Fix: use --engine=oci, which runs no install,\n' +
      '     or commit the lock file of the package manager.',
  );
}

/**
 * With Plug'n'Play, programs of packages start only by Yarn; the shared Dockerfile starts Nx by npx.
 *
 * @param dockerfile its text
 * @throws PipelineError `PLUG_AND_PLAY_UNSUPPORTED` if it does, and the workspace has no `node_modules`
 */
export function requireNodeModules(dockerfile: string, workspaceRoot: string): void {
  if (!/\bnpx nx\b/.test(withoutComments(dockerfile))) return;
  if (!existsSync(path.join(workspaceRoot, '.pnp.cjs'))) return;
  throw new PipelineError(
    'PLUG_AND_PLAY_UNSUPPORTED',
    `Cannot run the Dockerfile: it starts Nx by npx, and with Yarn's Plug'n'Play (.pnp.cjs) ${workspaceRoot} has no node_modules.\n` +
      'Nothing was built.\n' +
      'Fix: use --engine=oci, which runs no install,\n' +
      '     or set "nodeLinker: node-modules" in .yarnrc.yml and run yarn install.',
  );
}

const withoutComments = (dockerfile: string) => dockerfile.replaceAll(/^\s*#.*$/gm, '');
