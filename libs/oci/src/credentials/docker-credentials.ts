import path from 'node:path';
import { type RegistryCredentials } from '../registry/registry-credentials';
import { type AuthEntry, readAuthFile } from './auth-file';
import { askHelper } from './credential-helper';

export interface DockerCredentialsRequest {
  /** Environment: where the files are, and what helpers run with. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** `host` or `host:port`, as in an image reference. */
  readonly host: string;
  /** For a credential helper to answer. @default 30000 */
  readonly timeoutMs?: number;
}

/**
 * The login to a registry that docker or podman has kept, helpers included; undefined when there is none.
 * The first file wins that has one: `$REGISTRY_AUTH_FILE`, docker's config.json, podman's auth.json.
 * @throws OciError `CREDENTIALS_INVALID`, `CREDENTIAL_HELPER_MISSING`, `CREDENTIAL_HELPER_FAILED`
 */
export async function dockerCredentials(
  request: DockerCredentialsRequest,
): Promise<RegistryCredentials | undefined> {
  for (const file of authFiles(request.variables)) {
    const entry = await readAuthFile(file, request.host);
    const credentials = entry && (await credentialsIn(entry, request));
    if (credentials) return credentials;
  }
  return undefined;
}

async function credentialsIn(
  { helper, server, file, credentials }: AuthEntry,
  { variables, timeoutMs = 30_000 }: DockerCredentialsRequest,
): Promise<RegistryCredentials | undefined> {
  if (!helper) return credentials;
  return (await askHelper({ helper, server, file, variables, timeoutMs })) ?? credentials;
}

/**
 * https://docs.docker.com/reference/cli/docker/#configuration-files,
 * https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
function authFiles(variables: DockerCredentialsRequest['variables']): readonly string[] {
  const { REGISTRY_AUTH_FILE: explicit, DOCKER_CONFIG, XDG_RUNTIME_DIR } = variables;
  const home = variables['HOME'] ?? variables['USERPROFILE'];
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
