import { type Request } from 'express';
import { type AccessControl } from '../access/access-control';
import { authorizeRepository } from '../access/ecr-access';
import { AccessError } from '../access/access-error';
import { type Identity } from '../access/identity';
import { type RegistryLocation } from '../registry/registries';
import { type Registry } from '../registry/registry';

/** Who looks at the pages: they show and change what this identity may ask of the APIs. */
export interface Viewer {
  /** The ARN; undefined if access is not controlled. */
  readonly name: string | undefined;
  readonly sourceIp: string | undefined;
  /** @throws AccessError if the viewer may not do this with the repository, which need not exist */
  requireRepository(action: string, registry: Registry, name: string): void;
  mayRepository(action: string, registry: Registry, name: string): boolean;
  /** @throws AccessError if the viewer may not do this, for which ECR knows no repository */
  require(action: string, location: RegistryLocation, resource?: string): void;
  may(action: string, location: RegistryLocation, resource?: string): boolean;
}

export function viewerOf(request: Request, access: AccessControl, identity: Identity): Viewer {
  const sourceIp = request.socket.remoteAddress;
  const requireRepository: Viewer['requireRepository'] = (action, registry, name) =>
    authorizeRepository(access, { identity, registry, sourceIp }, action, name);
  const require: Viewer['require'] = (action, { account, region }, resource = '*') =>
    access.authorize(identity, { action, resource, location: { account, region }, sourceIp });
  return {
    name: access.identities && identity.caller.arn,
    sourceIp,
    requireRepository,
    mayRepository: (...wanted) => isAllowed(() => requireRepository(...wanted)),
    require,
    may: (...wanted) => isAllowed(() => require(...wanted)),
  };
}

function isAllowed(authorize: () => void): boolean {
  try {
    authorize();
    return true;
  } catch (error) {
    if (error instanceof AccessError) return false;
    throw error;
  }
}
