import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const account = '000000000000';
export const otherAccount = '123456789012';

export const credentialsOf = (name: string) => ({
  accessKeyId: `AKIA${name.toUpperCase()}`,
  secretAccessKey: `${name}-secret-of-forty-characters-1234567`,
});

export const allowing = (Action: string | string[], Resource: string | string[] = '*') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
});

/** A user with an access key whose secret is in a file. */
export const user = (
  name: string,
  policies: readonly object[],
  more: object = {},
  of = account,
) => ({
  arn: `arn:aws:iam::${of}:user/${name}`,
  accessKeys: [{ id: credentialsOf(name).accessKeyId, secretFile: name }],
  policies,
  ...more,
});

/** Writes a file of principals, and the secrets of those that have keys. */
export async function writePrincipals(
  principals: readonly object[],
  more: object = {},
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'principals-'));
  for (const principal of principals) {
    const { accessKeys = [] } = principal as { accessKeys?: { secretFile: string }[] };
    for (const { secretFile } of accessKeys) {
      await writeFile(
        path.join(folder, secretFile),
        `${credentialsOf(secretFile).secretAccessKey}\n`,
        {
          mode: 0o600,
        },
      );
    }
  }
  const file = path.join(folder, 'roles.json');
  await writeFile(file, JSON.stringify({ principals, ...more }), { mode: 0o600 });
  await chmod(file, 0o600);
  return file;
}
