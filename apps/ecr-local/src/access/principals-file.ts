import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  maximumPolicyLength,
  type Policy,
  PolicyError,
  type PolicyKind,
  readPolicy,
} from '@typerush/image-registry';
import { z } from 'zod';
import { JsonError, parseJson } from '../input/bounded-json';

/** The file of roles is not valid. The message names the place, and what to do. */
export class PrincipalsFileError extends Error {
  override readonly name = 'PrincipalsFileError';
  readonly code = 'ROLES_FILE_INVALID';
}

const largestFileBytes = 1024 * 1024;
const largestSecretBytes = 1024;

const accountId = z.string().regex(/^\d{12}$/, 'expected twelve digits');

/** The keys of `AssumeRole` start with ASIA. */
const accessKey = z.strictObject({
  id: z
    .string()
    .regex(
      /^(?!ASIA)\w{3,128}$/,
      'expected 3 to 128 letters and digits that do not start with ASIA',
    ),
  secretFile: z.string().min(1, 'expected the path of a file'),
});
const accessKeys = z.array(accessKey).max(2, 'an identity has at most 2 access keys').default([]);

const policyOf = (kind: PolicyKind) =>
  z.unknown().transform((document, { issues }): Policy => {
    try {
      if (JSON.stringify(document ?? null).length > maximumPolicyLength) {
        throw new PolicyError('malformed', `has more than ${maximumPolicyLength} characters`);
      }
      return readPolicy(kind, document);
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      issues.push({ code: 'custom', message: error.message, input: document });
      return z.NEVER;
    }
  });

const permissions = {
  policies: z
    .array(policyOf('identity'))
    .max(20, 'an identity has at most 20 policies')
    .default([]),
  permissionsBoundary: policyOf('identity').optional(),
  tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),
};

const name = '[\\w+=,.@-]{1,64}';
const pathAndName = `(?:[!-~]{1,510}/)?${name}`;

const user = z.strictObject({
  arn: z
    .string()
    .regex(
      new RegExp(`^arn:[a-z-]+:iam::\\d{12}:user/${pathAndName}$`),
      'expected the ARN of a user or role',
    ),
  accessKeys,
  ...permissions,
});

const role = z.strictObject({
  arn: z
    .string()
    .regex(
      new RegExp(`^arn:[a-z-]+:iam::\\d{12}:role/${pathAndName}$`),
      'expected the ARN of a role',
    ),
  trustPolicy: policyOf('trust'),
  ...permissions,
});

/** A service of AWS that comes on behalf of an account: what a trust policy may name. */
const service = z.strictObject({
  service: z
    .string()
    .regex(/^[a-z0-9.-]+\.amazonaws\.com$/, 'expected a name such as codebuild.amazonaws.com'),
  account: accountId,
  accessKeys,
});

const entry = z.unknown().transform((value, { issues }) => {
  const has = (key: string) =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, key);
  const schema = has('service') ? service : has('trustPolicy') ? role : user;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  issues.push(...parsed.error.issues.map((issue) => ({ ...issue, input: value }) as never));
  return z.NEVER;
});

const file = z.strictObject({
  principals: z.array(entry).min(1, 'expected at least one').max(1000, 'expected at most 1000'),
  /** The accounts of each organization, by its id. */
  organizations: z
    .record(
      z.string().regex(/^o-[a-z0-9]{10,32}$/, 'expected an id such as o-a1b2c3d4e5'),
      z.array(accountId),
    )
    .default({}),
});

type WithSecrets<T> = T & {
  readonly secrets: readonly { readonly id: string; readonly secret: string }[];
};

export type UserEntry = WithSecrets<z.infer<typeof user>>;
export type RoleEntry = z.infer<typeof role>;
export type ServiceEntry = WithSecrets<z.infer<typeof service>>;

export interface PrincipalsFile {
  readonly users: readonly UserEntry[];
  readonly roles: readonly RoleEntry[];
  readonly services: readonly ServiceEntry[];
  /** The organization of an account. */
  readonly organizationOf: (account: string) => string | undefined;
}

/** @throws PrincipalsFileError */
export async function readPrincipalsFile(location: string): Promise<PrincipalsFile> {
  const text = await readPrivate(location, {
    most: largestFileBytes,
    forbidden: 0o022,
    fix: 'go-w',
  });
  const parsed = file.safeParse(readJson(location, text));
  if (!parsed.success) throw new PrincipalsFileError(describe(location, parsed.error.issues));
  const { principals, organizations } = parsed.data;
  requireDistinct(location, principals);
  const folder = path.dirname(location);
  const users: UserEntry[] = [];
  const roles: RoleEntry[] = [];
  const services: ServiceEntry[] = [];
  for (const principal of principals) {
    if ('trustPolicy' in principal) roles.push(principal);
    else {
      const secrets = await readSecrets(folder, principal.accessKeys);
      if ('service' in principal) services.push({ ...principal, secrets });
      else users.push({ ...principal, secrets });
    }
  }
  const organizationOf = (account: string) =>
    Object.entries(organizations).find(([, accounts]) => accounts.includes(account))?.[0];
  return { users, roles, services, organizationOf };
}

function readJson(location: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new PrincipalsFileError(`Cannot read ${location}: it ${error.message}.`);
  }
}

async function readSecrets(folder: string, keys: readonly z.infer<typeof accessKey>[]) {
  const secrets: { id: string; secret: string }[] = [];
  for (const { id, secretFile } of keys) {
    const location = path.resolve(folder, secretFile);
    const text = await readPrivate(location, {
      most: largestSecretBytes,
      forbidden: 0o077,
      fix: 'go=',
    });
    const secret = text.trim();
    if (!/^[!-~]{16,128}$/.test(secret)) {
      throw new PrincipalsFileError(
        `Cannot use the secret in ${location}: expected 16 to 128 printable characters without spaces.\n` +
          `Fix: openssl rand -base64 30 > ${location}`,
      );
    }
    secrets.push({ id, secret });
  }
  return secrets;
}

interface Privacy {
  readonly most: number;
  /** Bits of the mode that it must not have. */
  readonly forbidden: number;
  readonly fix: string;
}

async function readPrivate(location: string, { most, forbidden, fix }: Privacy): Promise<string> {
  const found = await stat(location).catch((cause: unknown) => {
    const { code: reason } = cause as NodeJS.ErrnoException;
    throw new PrincipalsFileError(`Cannot read ${location}: ${reason}.`, { cause });
  });
  if (!found.isFile()) throw new PrincipalsFileError(`Cannot read ${location}: it is not a file.`);
  if (found.size > most) {
    throw new PrincipalsFileError(`Cannot read ${location}: it has more than ${most} bytes.`);
  }
  // Windows has no such modes.
  if (process.platform !== 'win32' && (found.mode & forbidden) !== 0) {
    const what = forbidden === 0o022 ? 'changed' : 'read';
    throw new PrincipalsFileError(
      `Cannot trust ${location}: it can be ${what} by other users of this machine.\nFix: chmod ${fix} ${location}`,
    );
  }
  return readFile(location, 'utf8');
}

type Entry = z.infer<typeof entry>;

function requireDistinct(location: string, principals: readonly Entry[]): void {
  const seen = new Set<string>();
  for (const principal of principals) {
    const names = [
      'arn' in principal ? principal.arn : `${principal.service} of ${principal.account}`,
      ...('accessKeys' in principal
        ? principal.accessKeys.map(({ id }) => `access key ${id}`)
        : []),
    ];
    for (const each of names) {
      if (seen.has(each)) {
        throw new PrincipalsFileError(`Cannot use ${location}: ${each} is in it twice.`);
      }
      seen.add(each);
    }
  }
}

const describedIssues = 10;

function describe(location: string, issues: readonly z.core.$ZodIssue[]): string {
  const lines = issues.slice(0, describedIssues).map(({ path: steps, message }) => {
    const place = steps
      .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
      .join('')
      .replace(/^\./, '');
    return `  ${place === '' ? 'the file' : place}: ${message}`;
  });
  return `Cannot use ${location}:\n${lines.join('\n')}`;
}
