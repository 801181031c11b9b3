import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import { type PushDestination } from '@typerush/ecr-access';

interface Provisioning {
  readonly root: string;
  readonly project: string;
  readonly environment: Environment;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs the project's target `provision`, whatever it is. All it says goes to standard error: standard output is for results.
 * @throws PipelineError `PROVISION_FAILED`
 */
export async function provision(
  { root, project, environment, variables }: Provisioning,
  { region }: PushDestination,
): Promise<void> {
  const nx = createRequire(path.join(root, 'package.json')).resolve('nx/bin/nx.js');
  const args = ['run', `${project}:provision`, `--configuration=${environment}`];
  const child = spawn(process.execPath, [nx, ...args], {
    cwd: root,
    env: {
      ...ofUser(variables),
      ...(region ? { AWS_REGION: region, AWS_DEFAULT_REGION: region } : {}),
      NX_TUI: 'false',
    },
    stdio: ['ignore', 2, 2],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code === 0) return;
  throw new PipelineError(
    'PROVISION_FAILED',
    `nx ${args.join(' ')} failed; see its output above. Nothing was pushed.`,
  );
}

/** Without what Nx tells the task that runs about itself: another run of Nx would take it for its own. */
function ofUser(variables: Provisioning['variables']): NodeJS.ProcessEnv {
  const kept = Object.entries(variables).filter(
    ([name]) =>
      !/^NX_(TASK|FORKED|INVOCATION|IPC|TERMINAL|STREAM|PREFIX|CLI_SET|LOAD|NATIVE_COMMAND)/.test(
        name,
      ),
  );
  return Object.fromEntries(kept);
}
