import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';

const resolve = createRequire(__filename).resolve;

/** What Node needs to run TypeScript, and where the CDK app is. */
export const tsx = resolve('tsx');
export const main = path.join(__dirname, '../src/main.ts');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node with the given environment and no more of it than PATH, and tells what came of it. */
export async function runNode(
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Outcome> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/**
 * Runs the CDK's command line on the app of the workspace in `root`, against an endpoint. What the app synthesizes stays
 * in the folder `out`.
 */
export function runCdk(
  [command, ...args]: readonly [string, ...string[]],
  of: {
    readonly root: string;
    readonly environment: string;
    readonly endpoint: string;
    /** Another app, or `out`: what an earlier command has synthesized. @default - the CDK app of infra */
    readonly app?: string;
  },
): Promise<Outcome> {
  const cdk = [resolve('aws-cdk/bin/cdk'), command, ...args];
  // The CDK takes quotes at both ends for those of the whole; hence what follows the last.
  const program = `"${process.execPath}" --import "${tsx}" "${of.app ?? main}" --`;
  const app = of.app === 'out' ? ['--app', 'out'] : ['--app', program, '--output', 'out'];
  const options = ['--context', `environment=${of.environment}`, '--no-notices'];
  return runNode([...cdk, ...app, ...options, '--no-version-reporting', '--no-path-metadata'], {
    cwd: of.root,
    env: {
      AWS_ENDPOINT_URL: of.endpoint,
      AWS_REGION: 'ap-southeast-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      CDK_VALIDATION: 'false',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CDK_DISABLE_VERSION_CHECK: '1',
    },
  });
}
