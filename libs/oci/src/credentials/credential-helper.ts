import { lastLines, runCommand, type Variables } from '@typerush/child-process';
import * as z from 'zod';
import { OciError } from '../errors';
import { type RegistryCredentials } from '../registry/credentials';

export interface HelperRequest {
  /** The part of its name after `docker-credential-`. */
  readonly helper: string;
  readonly server: string;
  /** The file that names the helper. */
  readonly file: string;
  readonly variables: Variables;
  readonly timeoutMs: number;
}

const answerSchema = z.looseObject({ Username: z.string(), Secret: z.string() });

/** The output of helpers for an unknown server, on either stream. */
const NOT_FOUND = /credentials not found|no credentials server URL/i;
/** The user name if the secret is a refresh token. */
const TOKEN_USER = '<token>';

/**
 * The credentials of a credential helper; undefined if it does not know the server. The protocol:
 * https://github.com/docker/docker-credential-helpers#development
 * @throws OciError `CREDENTIAL_HELPER_MISSING`, `CREDENTIAL_HELPER_FAILED`; without secrets
 */
export async function queryHelper(
  request: HelperRequest,
): Promise<RegistryCredentials | undefined> {
  const { helper, file, server, variables, timeoutMs } = request;
  if (!/^[\w.-]+$/.test(helper)) throw failed(request, 'that is not a valid program name');
  const program = `docker-credential-${helper}`;
  const options = { env: variables, input: server, timeout: timeoutMs };
  const result = await runCommand(program, ['get'], options);
  if (result.code === 0) return parse(result.stdout, request);
  if (result.code === 127) {
    throw new OciError(
      'CREDENTIAL_HELPER_MISSING',
      `Cannot run ${program}, which ${file} names for the credentials of ${server}.\n` +
        `Fix: install it, or remove "${helper}" from that file and log in again.`,
    );
  }
  if (result.code === 124) throw failed(request, `no response within ${timeoutMs / 1000} s`);
  if (NOT_FOUND.test(result.stdout + result.stderr)) return undefined;
  throw failed(request, lastLines(result, 1).slice(0, 200) || 'it gave no reason');
}

function parse(stdout: string, request: HelperRequest): RegistryCredentials | undefined {
  try {
    const { Username, Secret } = answerSchema.parse(JSON.parse(stdout));
    if (!Secret) return undefined;
    const credentials = { username: Username, password: Secret };
    return Username === TOKEN_USER ? { ...credentials, identityToken: Secret } : credentials;
  } catch {
    // Without the cause: a parser's message quotes its input.
    throw failed(request, 'its response is not valid for a credential helper');
  }
}

function failed({ helper, file, server }: HelperRequest, problem: string): OciError {
  return new OciError(
    'CREDENTIAL_HELPER_FAILED',
    `docker-credential-${helper}, which ${file} names, returned no credentials for ${server}: ${problem}.\n` +
      'Fix: repair the helper, or remove it from that file and log in again.',
  );
}
