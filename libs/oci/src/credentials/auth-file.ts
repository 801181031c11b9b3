import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { OciError } from '../errors';
import { type RegistryCredentials } from '../registry/registry-credentials';

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

/** What one file says of one registry. */
export interface AuthEntry {
  readonly file: string;
  /** As the file, and so the helper, names the registry. */
  readonly server: string;
  /** `docker-credential-<helper>` keeps the credentials. */
  readonly helper?: string;
  /** They stand in the file itself. */
  readonly credentials?: RegistryCredentials;
}

/** Docker Hub has one entry for all of its names. */
const HUB = 'https://index.docker.io/v1/';
const HUB_HOSTS: readonly string[] = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/** @throws OciError `CREDENTIALS_INVALID` when the file cannot be read as what it should be */
export async function readAuthFile(file: string, host: string): Promise<AuthEntry | undefined> {
  const content = await parseFile(file);
  if (!content) return undefined;
  const found = keyOf(content.auths, host);
  const entry = found === undefined ? undefined : content.auths?.[found];
  const credentials = entry && credentialsOf(entry, file, host);
  const helperKey = keyOf(content.credHelpers, host);
  const own = helperKey === undefined ? undefined : content.credHelpers?.[helperKey];
  const helper = own || content.credsStore || undefined;
  if (!helper && !credentials) return undefined;
  const server = found ?? helperKey ?? (sameHost('docker.io', host) ? HUB : host);
  return { file, server, helper, credentials };
}

async function parseFile(file: string) {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
    throw invalid(file, `it cannot be read (${cause.code}).`);
  });
  if (text === undefined) return undefined;
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch {
    // Without the cause: a parser's message quotes what it read, which may be a password.
    throw invalid(file, 'it is no configuration of docker or podman.');
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
  if (colon < 0) throw invalid(file, `its entry of ${host} is not base64 of user:password.`);
  // Docker pads with NUL what it writes for Windows.
  const password = text.slice(colon + 1).replace(/\0+$/, '');
  return { username: text.slice(0, colon), password, identityToken: identityToken || undefined };
}

function keyOf(record: Readonly<Record<string, unknown>> | null | undefined, host: string) {
  return Object.keys(record ?? {}).find((key) => sameHost(key, host));
}

/** A key may be a host, or an address with scheme and path. */
function sameHost(key: string, host: string): boolean {
  const name = key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  return name === host || (HUB_HOSTS.includes(name) && HUB_HOSTS.includes(host));
}

function invalid(file: string, problem: string): OciError {
  return new OciError(
    'CREDENTIALS_INVALID',
    `${file} holds the logins to registries, but ${problem} Repair it, or log in again.`,
  );
}
