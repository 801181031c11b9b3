import { type AccessDecision, evaluateAccess, type Policy } from '@typerush/image-registry';
import { type Request } from 'express';
import { type Clock } from '../clock';
import { type RegistryLocation, signedLocation } from '../registry/registries';
import { AccessError } from './access-error';
import { type Identities } from './identities';
import { type Identity } from './identity';
import { type PrincipalsFile } from './principals-file';
import { bytesOf } from './request-bytes';
import { contextOf } from './request-context';
import { type HttpRequest, readSignature } from './request-signature';
import { verifySignature } from './verify-signature';

/** What a request is about to do. */
export interface WantedAccess {
  /** Such as `ecr:PutImage`. */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  readonly location: RegistryLocation;
  readonly sourceIp: string | undefined;
  readonly resourcePolicies?: readonly Policy[];
  /** Condition keys that only some requests have. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** Who makes requests, and what they may do. */
export interface AccessControl {
  /** Present if access is controlled; without it everybody may do everything. */
  readonly identities: Identities | undefined;
  /** The registry that a request is for, by its signature, which is not checked yet. */
  locate(request: Request): RegistryLocation;
  /**
   * Who signed a request, whose body was read with `keepBytes`.
   *
   * @param service that it has to be signed for
   * @throws AccessError
   */
  authenticate(request: Request, service: string | undefined): Promise<Identity>;
  /** The identity that a token was made for. */
  identify(reference: string | undefined, account: string): Identity | undefined;
  /** Whether the identity may, and why. */
  decide(identity: Identity, wanted: WantedAccess): AccessDecision;
  /** @throws AccessError if the identity may not */
  authorize(identity: Identity, wanted: WantedAccess): void;
}

/** Takes any signature, and allows everything. */
export function createOpenAccess(own: RegistryLocation): AccessControl {
  const locate = (request: Request) => signedLocation(request.get('authorization'), own);
  return {
    identities: undefined,
    locate,
    authenticate: (request) => Promise.resolve(localUser(locate(request).account)),
    identify: (_reference, account) => localUser(account),
    decide: () => ({ allowed: true, reason: 'without a file of roles' }),
    authorize: () => undefined,
  };
}

const localUser = (account: string): Identity => ({
  caller: { kind: 'user', account, arn: `arn:aws:iam::${account}:user/local` },
  userId: 'AIDALOCAL00000000000',
  policies: { identity: [] },
  reference: '',
});

/** Checks signatures and policies. */
export function createEnforcedAccess(deps: {
  identities: Identities;
  file: PrincipalsFile;
  own: RegistryLocation;
  /** Of conditions, which moves with the tests of a user. */
  clock: Clock;
  /** Of signatures: that of the clients. */
  signingClock: Clock;
}): AccessControl {
  const { identities, file, own, clock, signingClock } = deps;
  const decide: AccessControl['decide'] = (
    identity,
    { action, resource, location, sourceIp, resourcePolicies = [], context = {} },
  ) =>
    evaluateAccess(
      {
        caller: identity.caller,
        action,
        resource,
        resourceAccount: location.account,
        context: contextOf({
          identity,
          now: clock(),
          sourceIp,
          region: location.region,
          resourceAccount: location.account,
          organizationOf: file.organizationOf,
          more: context,
        }),
      },
      { ...identity.policies, resource: resourcePolicies },
    );
  return {
    identities,
    locate: (request) => locate(request, identities, own),
    authenticate: async (request, service) => {
      const http = httpRequestOf(request);
      const signature = readSignature(http);
      const { secret, identity } = identities.credentialsOf(
        signature.accessKeyId,
        signature.sessionToken,
      );
      if (service !== undefined && signature.service !== service) {
        throw new AccessError(
          'SIGNATURE_INVALID',
          `Credential should be scoped to correct service: '${service}'.`,
        );
      }
      await verifySignature(http, signature, secret, signingClock());
      return identity();
    },
    identify: (reference) => (reference === undefined ? undefined : identities.referred(reference)),
    decide,
    authorize: (identity, wanted) => {
      const { allowed, reason } = decide(identity, wanted);
      if (allowed) return;
      throw new AccessError(
        'DENIED',
        `User: ${identity.caller.arn} is not authorized to perform: ${wanted.action} on resource: ${wanted.resource} ${reason}`,
      );
    },
  };
}

/** The account is that of the identity, whose key is not verified yet; an unknown key opens no registry. */
function locate(request: Request, identities: Identities, own: RegistryLocation): RegistryLocation {
  try {
    const { accessKeyId, region, sessionToken } = readSignature(httpRequestOf(request));
    const account =
      sessionToken === undefined
        ? identities.accountOf(accessKeyId)
        : identities.credentialsOf(accessKeyId, sessionToken).identity().caller.account;
    return account === undefined ? own : { account, region };
  } catch (error) {
    if (error instanceof AccessError) return own;
    throw error;
  }
}

/** Node joins repeated headers with a comma and a space; a signature covers them with a comma. */
function httpRequestOf(request: Request): HttpRequest {
  const headers = new Map<string, string[]>();
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), request.rawHeaders[index + 1] ?? '']);
  }
  return {
    method: request.method,
    url: request.originalUrl,
    headers: Object.fromEntries([...headers].map(([name, values]) => [name, values.join(',')])),
    body: bytesOf(request),
  };
}
