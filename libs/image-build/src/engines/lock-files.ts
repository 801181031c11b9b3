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
  const code = dockerfile.replaceAll(/^\s*#.*$/gm, '');
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
