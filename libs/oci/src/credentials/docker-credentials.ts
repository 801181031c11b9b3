import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Variables } from '@typerush/child-process';
import * as z from 'zod';
import { OciError } from '../errors';
import { homeFolder } from '../home-folder';
import { HUB_NAMES } from '../reference';
import { type RegistryCredentials } from '../registry/credentials';
import { queryHelper } from './credential-helper';

export interface DockerCredentialsRequest {
  /** Environment: the locations of the files, and the environment of helpers. */
  readonly variables: Variables;
  /** `host` or `host:port`, as in an image reference. */
  readonly host: string;
  /** A repository, or a namespace of repositories: a login for one of its paths is preferred to that of the host. */
  readonly path?: string;
  /** Time limit for a credential helper. @default 30000 */
  readonly timeoutMs?: number;
}

/**
 * The credentials that Docker or podman has stored for a registry, credential helpers included; undefined if there are none.
 * From the first file that has any: `$REGISTRY_AUTH_FILE`, Docker's config.json, podman's auth.json.
 * @throws OciError `CREDENTIALS_INVALID`, `CREDENTIAL_HELPER_MISSING`, `CREDENTIAL_HELPER_FAILED`
 */
export async function dockerCredentials({
  variables,
  host,
  path: repository = '',
  timeoutMs = 30_000,
}: DockerCredentialsRequest): Promise<RegistryCredentials | undefined> {
  for (const file of authFiles(variables)) {
    const { helper, server, stored } = await readAuthFile(file, host, repository);
    const request = helper && { helper, server, file, variables, timeoutMs };
    const credentials = (request && (await queryHelper(request))) || stored;
    if (credentials) return credentials;
  }
  return undefined;
}

/**
 * https://docs.docker.com/reference/cli/docker/#configuration-files,
 * https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
function authFiles(variables: Variables): readonly string[] {
  const { REGISTRY_AUTH_FILE: explicit, DOCKER_CONFIG, XDG_RUNTIME_DIR } = variables;
  const home = homeFolder(variables);
  const docker = DOCKER_CONFIG ?? (home && path.join(home, '.docker'));
  const config = variables['XDG_CONFIG_HOME'] ?? (home && path.join(home, '.config'));
  const podman = explicit ? [] : [XDG_RUNTIME_DIR, config];
  const files = [
    explicit,
    docker && path.join(docker, 'config.json'),
    ...podman.map((dir) => dir && path.join(dir, 'containers', 'auth.json')),
  ];
  return files.filter((file) => file !== undefined && file !== '') as string[];
}

const entrySchema = z.looseObject({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
});

/** Docker's config.json, and podman's auth.json, which has the same form; https://docs.docker.com/reference/cli/docker/login/ */
const fileSchema = z.looseObject({
  auths: z.record(z.string(), entrySchema).nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
  credsStore: z.string().nullish(),
});

/** The key of Docker Hub, whichever of its names is used. */
const HUB_KEY = 'https://index.docker.io/v1/';

/**
 * What a file contains for a registry; `server` is the registry's name in the file, and so for its helper.
 * @throws OciError `CREDENTIALS_INVALID`
 */
async function readAuthFile(file: string, host: string, repository: string) {
  const { auths, credHelpers, credsStore } = await parseFile(file);
  const key = keyOf(auths, host, repository);
  const helperKey = keyOf(credHelpers, host, repository);
  const entry = key === undefined ? undefined : auths?.[key];
  const own = helperKey === undefined ? undefined : credHelpers?.[helperKey];
  return {
    server: key ?? helperKey ?? (HUB_NAMES.has(host) ? HUB_KEY : host),
    helper: own || credsStore || undefined,
    stored: entry && credentialsOf(entry, file, host),
  };
}

async function parseFile(file: string): Promise<z.infer<typeof fileSchema>> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return '{}';
    throw invalid(file, `it is not readable (${cause.code})`);
  });
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch {
    // Without the cause: a parser's message quotes its input, which may be a password.
    throw invalid(file, 'it is not a configuration of Docker or podman');
  }
}

function credentialsOf(
  entry: z.infer<typeof entrySchema>,
  file: string,
  host: string,
): RegistryCredentials | undefined {
  const { auth, identitytoken: identityToken } = entry;
  if (!auth) {
    const { username = '', password = '' } = entry;
    return password || identityToken ? { username, password, identityToken } : undefined;
  }
  const text = Buffer.from(auth, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) throw invalid(file, `its entry for ${host} is not base64 of user:password`);
  // Docker pads with NUL on Windows.
  const password = text.slice(colon + 1).replace(/\0+$/, '');
  return { username: text.slice(0, colon), password, identityToken: identityToken || undefined };
}

/**
 * The longest path that contains the repository, then the exact host, then an address of the host: a key is a host, a host with a
 * path (podman), or an address with scheme and path (Docker).
 */
function keyOf(
  record: Readonly<Record<string, unknown>> | null | undefined,
  host: string,
  repository: string,
): string | undefined {
  const ranked = Object.keys(record ?? {}).map((key) => ({
    key,
    rank: rankOf(key, host, repository),
  }));
  const best = ranked.toSorted((a, b) => b.rank - a.rank)[0];
  return best && best.rank > 0 ? best.key : undefined;
}

/** 0 if a key is not for this repository. */
function rankOf(key: string, host: string, repository: string): number {
  const address = key.replace(/^https?:\/\//, '');
  const [name = '', ...rest] = address.split('/');
  if (name !== host && !(HUB_NAMES.has(name) && HUB_NAMES.has(host))) return 0;
  const isUrl = address !== key;
  const folder = rest.join('/').replace(/\/+$/, '');
  // Docker appends the version of the API to an address.
  if (isUrl && /^(v[12])?$/.test(folder)) return 1;
  if (folder === '') return name === host ? 3 : 2;
  return `${repository}/`.startsWith(`${folder}/`) ? 3 + folder.length : 0;
}

function invalid(file: string, problem: string): OciError {
  return new OciError(
    'CREDENTIALS_INVALID',
    `Cannot read registry credentials from ${file}: ${problem}.\nFix: repair the file, or log in again.`,
  );
}
