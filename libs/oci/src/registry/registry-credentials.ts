/** What one logs in to a registry with. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
  /** A refresh token, given to the registry's token server in the password's place; docker's `identitytoken`. */
  readonly identityToken?: string;
}

export function basicHeader({ username, password }: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
