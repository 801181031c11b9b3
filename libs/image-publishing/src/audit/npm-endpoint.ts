import { lastLines, runCommand, type Variables } from '@typerush/child-process';
import { PipelineError } from '@typerush/pipeline-context';
import {
  type AdvisorySource,
  asInstalled,
  type AuditedPackage,
  findingsOf,
} from './advisory-source';

/** Real answers, with hundreds of advisories, have less than a megabyte. */
const maximumAnswer = 16 * 1024 * 1024;
const timeoutMs = 30_000;

export interface NpmSettings {
  readonly workspaceRoot: string;
  readonly variables: Variables;
}

/**
 * The advisory endpoint of the npm registry that the workspace uses. It learns names and versions of packages.
 * https://docs.npmjs.com/cli/v11/commands/npm-audit#bulk-advisory-endpoint
 */
export const npmEndpoint = (settings: NpmSettings): AdvisorySource => ({
  name: "npm's advisory endpoint",
  match: async (packages) => {
    if (packages.length === 0) return { findings: [] };
    const registry = await registryOf(settings);
    const { npmVulnerabilities } = await import('@typerush/image-scanning');
    try {
      const answer = await request(registry, packages);
      return { findings: findingsOf(npmVulnerabilities(packages.map(asInstalled), answer)) };
    } catch (cause) {
      throw unreachable(registry, reasonOf(cause), cause);
    }
  },
});

/** As npm itself decides it, from its files and variables. */
async function registryOf({ workspaceRoot, variables }: NpmSettings): Promise<string> {
  const args = ['config', 'get', 'registry'];
  const result = await runCommand('npm', args, {
    cwd: workspaceRoot,
    // Otherwise npm asks the registry whether there is a new npm.
    env: { ...variables, npm_config_update_notifier: 'false' },
    timeout: timeoutMs,
  });
  const address = result.stdout.trim();
  if (result.code === 0 && URL.canParse(address)) return address;
  const reason = lastLines(result, 3) || `npm reports "${address.slice(0, 100)}"`;
  throw unreachable('the npm registry', `npm ${args.join(' ')} reports no address: ${reason}`);
}

async function request(registry: string, packages: readonly AuditedPackage[]): Promise<unknown> {
  const versions = new Map<string, string[]>();
  for (const { name, version } of packages) {
    versions.set(name, [...(versions.get(name) ?? []), version]);
  }
  const address = new URL('-/npm/v1/security/advisories/bulk', registry.replace(/\/*$/, '/'));
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(Object.fromEntries(versions)),
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`it responded with status ${response.status}`);
  return JSON.parse(await readBounded(response));
}

async function readBounded({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maximumAnswer) throw new Error(`its answer has more than ${maximumAnswer} bytes`);
  }
  return Buffer.concat(chunks).toString();
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message ? `${message}: ${cause.message}` : message;
}

/** Credentials may be part of an address. */
const withoutCredentials = (address: string) => address.replace(/\/\/[^/@]*@/, '//');

const unreachable = (registry: string, reason: string, cause?: unknown) =>
  new PipelineError(
    'ADVISORIES_UNREACHABLE',
    `Cannot get advisories from ${withoutCredentials(registry)}: ${withoutCredentials(reason)}.\n` +
      'Fix: try again when the registry is reachable,\n' +
      '     or compare with a folder or archive of OSV advisories: --advisories=<path>, or advisories in registry.json.',
    { cause },
  );
