import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PrincipalsFileError, readPrincipalsFile } from './principals-file';
import { account, allowing, credentialsOf, user, writePrincipals } from './test/principals';

const problem = async (principals: readonly object[], more: object = {}) => {
  const file = await writePrincipals(principals, more);
  const error: unknown = await readPrincipalsFile(file).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return undefined;
  if (!(error instanceof PrincipalsFileError)) throw error;
  return error.message.replaceAll(path.dirname(file), '');
};

const alice = user('alice', [allowing('ecr:*')]);
const arn = `arn:aws:iam::${account}:user/alice`;

describe('the file of roles', () => {
  it('has users, roles, services and organizations', async () => {
    const file = await writePrincipals(
      [
        alice,
        {
          arn: `arn:aws:iam::${account}:role/ci/push`,
          trustPolicy: {
            Statement: { Effect: 'Allow', Principal: { AWS: arn }, Action: 'sts:AssumeRole' },
          },
          permissionsBoundary: allowing('ecr:*'),
        },
        { service: 'codebuild.amazonaws.com', account },
      ],
      { organizations: { 'o-a1b2c3d4e5': [account] } },
    );
    const { users, roles, services, organizationOf } = await readPrincipalsFile(file);
    expect(users[0]?.secrets).toEqual([
      { id: 'AKIAALICE', secret: credentialsOf('alice').secretAccessKey },
    ]);
    expect(roles).toHaveLength(1);
    expect(services).toHaveLength(1);
    expect(organizationOf(account)).toBe('o-a1b2c3d4e5');
    expect(organizationOf('123456789012')).toBeUndefined();
  });

  it.each<[string, readonly object[], string]>([
    ['no principals', [], 'principals: expected at least one'],
    ['an unknown key', [{ ...alice, extra: 1 }], 'principals[0]'],
    ['an ARN that is not one', [{ ...alice, arn: 'alice' }], 'principals[0].arn: expected the ARN'],
    ['the root user', [{ ...alice, arn: `arn:aws:iam::${account}:root` }], 'principals[0].arn'],
    [
      'a key of sessions',
      [{ ...alice, accessKeys: [{ id: 'ASIAALICE', secretFile: 'alice' }] }],
      'principals[0].accessKeys[0].id: expected 3 to 128',
    ],
    [
      'a secret in the file',
      [{ ...alice, accessKeys: [{ id: 'AKIAALICE', secretFile: 'alice', secret: 'x' }] }],
      'principals[0].accessKeys[0]: Unrecognized key: "secret"',
    ],
    [
      'an unknown operator',
      [
        {
          ...alice,
          policies: [
            {
              Statement: [
                { ...allowing('*').Statement[0], Condition: { Matches: { 'aws:username': 'a' } } },
              ],
            },
          ],
        },
      ],
      'principals[0].policies[0]: Statement[0].Condition.Matches: is not an operator that is evaluated',
    ],
    [
      'a policy that is too long',
      [{ ...alice, policies: [allowing('ecr:*', `arn:aws:ecr:${'a'.repeat(21_000)}`)] }],
      'principals[0].policies[0]: has more than 20480 characters',
    ],
    [
      'too many policies',
      [{ ...alice, policies: Array(21).fill(allowing('*')) }],
      'at most 20 policies',
    ],
    ['a principal twice', [alice, { ...alice, accessKeys: [] }], `${arn} is in it twice`],
    ['a key twice', [alice, { ...alice, arn: `${arn}2` }], 'access key AKIAALICE is in it twice'],
  ])('is refused with %s', async (_what, principals, expected) => {
    expect(await problem(principals)).toContain(expected);
  });

  it('is refused if others may change it, or read a secret', async () => {
    const file = await writePrincipals([alice]);
    await chmod(file, 0o622);
    await expect(readPrincipalsFile(file)).rejects.toThrow(`Fix: chmod go-w ${file}`);
    await chmod(file, 0o644);
    await expect(readPrincipalsFile(file)).resolves.toBeDefined();
    const secret = path.join(path.dirname(file), 'alice');
    await chmod(secret, 0o640);
    await expect(readPrincipalsFile(file)).rejects.toThrow(`Fix: chmod go= ${secret}`);
  });

  it.each([
    ['is missing', async (secret: string) => rm(secret), 'ENOENT'],
    ['is empty', async (secret: string) => writeFile(secret, ''), 'expected 16 to 128'],
    ['is short', async (secret: string) => writeFile(secret, 'secret'), 'expected 16 to 128'],
    [
      'is a folder',
      async (secret: string) => rm(secret).then(() => mkdir(secret)),
      'it is not a file',
    ],
    [
      'is a device',
      async (secret: string) => rm(secret).then(() => symlink('/dev/zero', secret)),
      'not a file',
    ],
    [
      'is large',
      async (secret: string) => writeFile(secret, 'a'.repeat(2000)),
      'more than 1024 bytes',
    ],
  ])('is refused if a secret %s', async (_what, change, expected) => {
    const file = await writePrincipals([alice]);
    await change(path.join(path.dirname(file), 'alice'));
    const error = readPrincipalsFile(file);
    await expect(error).rejects.toThrow(expected);
    await expect(error).rejects.not.toThrow(/secret-of-forty/);
  });

  it.each(['{', 'null', '[]', `${'['.repeat(10_000)}`])('is refused as %.20s', async (text) => {
    const file = await writePrincipals([alice]);
    await writeFile(file, text);
    await expect(readPrincipalsFile(file)).rejects.toBeInstanceOf(PrincipalsFileError);
  });
});
