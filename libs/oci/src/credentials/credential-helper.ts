import { execFile } from 'node:child_process';
import { z } from 'zod';
import { OciError } from '../errors';
import { type RegistryCredentials } from '../registry/registry-credentials';

export interface HelperRequest {
  /** The part of its name after `docker-credential-`. */
  readonly helper: string;
  readonly server: string;
  /** The file that names the helper. */
  readonly file: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
}

const answerSchema = z.looseObject({ Username: z.string(), Secret: z.string() });

/** What helpers say of a server that they do not know, on whatever stream. */
const NOT_FOUND = /credentials not found|no credentials server URL/i;
/** The user's name when the secret is a refresh token. */
const TOKEN_USER = '<token>';

/**
 * Asks a credential helper; undefined when it knows nothing of the server. The protocol:
 * https://github.com/docker/docker-credential-helpers#development
 * @throws OciError `CREDENTIAL_HELPER_MISSING`, `CREDENTIAL_HELPER_FAILED`
 */
export async function askHelper(request: HelperRequest): Promise<RegistryCredentials | undefined> {
  const { helper, file } = request;
  if (!/^[\w.-]+$/.test(helper)) {
    throw failed(request, 'that is no name of a program');
  }
  const program = `docker-credential-${helper}`;
  const { error, stdout, stderr } = await run(program, request);
  if (isMissing(error)) {
    throw new OciError(
      'CREDENTIAL_HELPER_MISSING',
      `${file} says that ${program} keeps the login to ${request.server}, but no such program can be run. ` +
        `Install it, or take "${helper}" out of that file and log in again.`,
    );
  }
  if (error?.killed)
    throw failed(request, `it gave no answer within ${request.timeoutMs / 1000} s`);
  if (error) {
    // A failing helper tells why on either stream; what it prints when all is well is a secret.
    const said = `${stdout}\n${stderr}`.trim();
    if (NOT_FOUND.test(said)) return undefined;
    throw failed(request, said.split('\n')[0]?.slice(0, 200) || 'it did not say why');
  }
  return parse(stdout, request);
}

interface Ran {
  readonly error?: { readonly code?: string | number | null; readonly killed?: boolean };
  readonly stdout: string;
  readonly stderr: string;
}

async function run(program: string, { server, variables, timeoutMs }: HelperRequest): Promise<Ran> {
  const options = { env: { ...variables }, timeout: timeoutMs, killSignal: 'SIGKILL' } as const;
  return new Promise<Ran>((resolve, reject) => {
    try {
      const child = execFile(program, ['get'], options, (error, stdout, stderr) =>
        resolve({ error: error ?? undefined, stdout, stderr }),
      );
      // A helper may end before it has read the server.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(server);
    } catch (error) {
      // What keeps a program from being started is thrown in part, and told in part.
      if (isMissing(error as Ran['error']))
        resolve({ error: error as Ran['error'], stdout: '', stderr: '' });
      else reject(error as Error);
    }
  });
}

function isMissing(error: Ran['error']): boolean {
  return ['ENOENT', 'EACCES', 'ENOTDIR'].includes(String(error?.code));
}

function parse(stdout: string, request: HelperRequest): RegistryCredentials | undefined {
  try {
    const { Username, Secret } = answerSchema.parse(JSON.parse(stdout));
    if (!Secret) return undefined;
    return Username === TOKEN_USER
      ? { username: Username, password: Secret, identityToken: Secret }
      : { username: Username, password: Secret };
  } catch {
    // Without the cause: a parser's message quotes what it read.
    throw failed(request, 'its answer is not what a credential helper answers');
  }
}

function failed({ helper, file, server }: HelperRequest, problem: string): OciError {
  return new OciError(
    'CREDENTIAL_HELPER_FAILED',
    `docker-credential-${helper}, which ${file} names, gives no login to ${server}: ${problem}. ` +
      'Repair the helper, or take it out of that file and log in again.',
  );
}
