import { createHash } from 'node:crypto';
import { PolicyError } from '@typerush/image-registry';
import { type Clock } from '../clock';
import { type StackRecord } from '../cloudformation/stacks/stack-record';
import { parsePolicy } from '../registry/resource-policy';
import { type TokenSigner } from '../registry/token-signer';
import { AccessError, unknownToken } from './access-error';
import { accountInArn, type Identity, nameInArn } from './identity';
import { pullThroughRole } from './pull-through-role';
import { type PrincipalsFile, type ServiceEntry, type UserEntry } from './principals-file';
import { createSessions, type Session, type SessionCredentials } from './session-credentials';
import { findStackRole, type Role, stackRoleArns } from './stack-roles';

interface Credentials {
  readonly secret: string;
  /** Called once the signature is known to be valid. */
  readonly identity: () => Identity;
}

/** The principals of the file, the roles of stacks, and the sessions of both. */
export interface Identities {
  /** @throws AccessError if there is no such key */
  credentialsOf(accessKeyId: string, sessionToken: string | undefined): Credentials;
  /** The account of an access key, before its signature is checked. */
  accountOf(accessKeyId: string): string | undefined;
  /** The identity that a token names; undefined if it exists no more. */
  referred(reference: string): Identity | undefined;
  role(arn: string): Role | undefined;
  /** The principals of the file and the roles of the stacks of an account; a role acts as a session of it. */
  principals(account: string): readonly Principal[];
  startSession(
    role: Role,
    name: string,
    options: SessionOptions,
  ): SessionCredentials & { readonly identity: Identity };
}

export interface Principal {
  /** The ARN of a user or role, or the name of a service. */
  readonly name: string;
  /** Undefined for a role that cannot be evaluated. */
  readonly identity: Identity | undefined;
}

export interface SessionOptions {
  readonly seconds: number;
  readonly policy?: string | undefined;
}

export function createIdentities(deps: {
  file: PrincipalsFile;
  tokens: TokenSigner;
  clock: Clock;
  stacksOf: (account: string) => readonly StackRecord[];
}): Identities {
  const { file, stacksOf } = deps;
  const sessions = createSessions(deps.tokens, deps.clock);
  const entries = [
    ...file.users.map((entry) => ({ ...entry, identity: userIdentity(entry) })),
    ...file.services.map((entry) => ({ ...entry, identity: serviceIdentity(entry) })),
  ];
  const static_ = entries.flatMap(({ secrets, identity }) =>
    secrets.map((key) => ({ ...key, identity })),
  );
  const byKey = new Map(static_.map((entry) => [entry.id, entry]));
  const byReference = new Map(static_.map(({ identity }) => [identity.reference, identity]));

  const role = (arn: string): Role | undefined => {
    const linked = pullThroughRole(accountInArn(arn));
    if (arn === linked.arn) return linked;
    const own = file.roles.find((entry) => entry.arn === arn);
    if (own) {
      const { trustPolicy: trust, policies: identity, permissionsBoundary, tags } = own;
      return { arn, trust, identity, boundary: permissionsBoundary && [permissionsBoundary], tags };
    }
    const account = accountInArn(arn);
    const found = asAccessError(arn, () =>
      findStackRole(stacksOf(account), account, nameInArn(arn)),
    );
    return found?.arn === arn ? found : undefined;
  };
  const sessionIdentity = (
    session: Pick<Session, 'role' | 'name' | 'policy'>,
  ): Identity | undefined => {
    const of = role(session.role);
    return of && identityOfSession(of, session);
  };
  const anySessionOf = (arn: string): Identity | undefined => {
    try {
      return sessionIdentity({ role: arn, name: 'any-session' });
    } catch (error) {
      if (error instanceof AccessError) return undefined;
      throw error;
    }
  };
  return {
    role,
    principals: (account) => [
      ...entries.map(({ identity }) => ({ name: identity.reference, identity })),
      ...[...file.roles.map(({ arn }) => arn), ...stackRoleArns(stacksOf(account), account)].map(
        (arn) => ({ name: arn, identity: anySessionOf(arn) }),
      ),
    ],
    accountOf: (accessKeyId) => byKey.get(accessKeyId)?.identity.caller.account,
    credentialsOf: (accessKeyId, sessionToken) => {
      if (sessionToken !== undefined) {
        const { secret, ...session } = sessions.read(accessKeyId, sessionToken);
        return {
          secret,
          identity: () => {
            const identity = sessionIdentity(session);
            if (!identity) throw unknownToken();
            return identity;
          },
        };
      }
      const entry = byKey.get(accessKeyId);
      if (!entry) throw unknownToken();
      return { secret: entry.secret, identity: () => entry.identity };
    },
    referred: (reference) => {
      const known = byReference.get(reference);
      if (known || !reference.startsWith('{')) return known;
      return sessionIdentity(JSON.parse(reference) as Session);
    },
    startSession: (of, name, { seconds, policy }) => {
      const session = { role: of.arn, name, ...(policy !== undefined && { policy }) };
      return { ...sessions.start(session, seconds), identity: identityOfSession(of, session) };
    },
  };
}

/** As AWS makes them: a prefix by kind, and sixteen characters that do not change. */
const uniqueId = (prefix: string, arn: string): string =>
  prefix + createHash('sha256').update(arn).digest('hex').toUpperCase().slice(0, 17);

const userIdentity = ({ arn, policies, permissionsBoundary, tags }: UserEntry): Identity => ({
  caller: { kind: 'user', account: accountInArn(arn), arn, tags },
  userId: uniqueId('AIDA', arn),
  userName: nameInArn(arn),
  policies: {
    identity: policies,
    ...(permissionsBoundary && { boundary: [permissionsBoundary] }),
  },
  reference: arn,
});

const serviceIdentity = ({ service, account }: ServiceEntry): Identity => ({
  caller: { kind: 'service', account, arn: service },
  userId: service,
  policies: { identity: [] },
  reference: `${service} of ${account}`,
});

function identityOfSession(
  role: Role,
  session: Pick<Session, 'role' | 'name' | 'policy'>,
): Identity {
  const account = accountInArn(role.arn);
  const { name, policy } = session;
  return {
    caller: {
      kind: 'role-session',
      account,
      arn: `arn:aws:sts::${account}:assumed-role/${nameInArn(role.arn)}/${name}`,
      roleArn: role.arn,
      tags: role.tags,
    },
    userId: `${uniqueId('AROA', role.arn)}:${name}`,
    policies: {
      identity: role.identity,
      boundary: role.boundary,
      session: policy === undefined ? undefined : [parsePolicy('identity', policy)],
    },
    reference: JSON.stringify({ role: role.arn, name, ...(policy !== undefined && { policy }) }),
  };
}

/** A role that cannot be evaluated allows nothing, and says why. */
function asAccessError<T>(arn: string, find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new AccessError('DENIED', `The role ${arn} cannot be used here: ${error.message}.`);
  }
}
