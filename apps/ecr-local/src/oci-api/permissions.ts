import { type Request, type RequestHandler, type Response } from 'express';
import { isRepositoryName } from '@typerush/image-registry';
import { type AccessControl } from '../access/access-control';
import { AccessError } from '../access/access-error';
import { authorizeRepository } from '../access/ecr-access';
import { type Identity } from '../access/identity';
import { type Registry } from '../registry/registry';
import { pathPart } from './requested-repository';

/** The identity of a login, kept for the routes. */
export function setIdentity(response: Response, identity: Identity): void {
  response.locals['identity'] = identity;
}

export const identityOf = (response: Response): Identity => response.locals['identity'] as Identity;

type Actions = readonly string[] | ((request: Request) => readonly string[]);

/**
 * A handler that lets a request on if its identity may perform the actions on its repository.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html names those of a push; those of the status
 * of an upload and of referrers have no source.
 */
export const permissionsOn =
  (registry: Registry, access: AccessControl) =>
  (actions: Actions): RequestHandler =>
  (request, response, next) => {
    const name = pathPart(request, 'name');
    // A malformed name is rejected as such.
    if (!isRepositoryName(name)) return next();
    const ecr = {
      identity: identityOf(response),
      registry,
      sourceIp: request.socket.remoteAddress,
    };
    for (const action of typeof actions === 'function' ? actions(request) : actions) {
      authorizeRepository(access, ecr, action, name);
    }
    next();
  };

/** A blob can be sent in the request that starts its upload. */
export const startActions = ({ query }: Request): readonly string[] => [
  'ecr:InitiateLayerUpload',
  ...(query.digest === undefined ? [] : ['ecr:UploadLayerPart', 'ecr:CompleteLayerUpload']),
];

/** The last bytes of a blob can be sent in the request that finishes its upload. */
export const finishActions = (request: Request): readonly string[] => [
  ...(request.get('content-length') === '0' ? [] : ['ecr:UploadLayerPart']),
  'ecr:CompleteLayerUpload',
];

export const pullActions = ({ method }: Request): readonly string[] => [
  method === 'HEAD' ? 'ecr:BatchCheckLayerAvailability' : 'ecr:GetDownloadUrlForLayer',
];

/** Whether the identity of a request may perform an action on a repository, which need not be that of the request. */
export type MayPerform = (
  request: Request,
  response: Response,
  action: string,
  name: string,
) => boolean;

export const mayPerform =
  (registry: Registry, access: AccessControl): MayPerform =>
  (request, response, action, name) => {
    const ecr = {
      identity: identityOf(response),
      registry,
      sourceIp: request.socket.remoteAddress,
    };
    try {
      authorizeRepository(access, ecr, action, name);
      return true;
    } catch (error) {
      if (error instanceof AccessError) return false;
      throw error;
    }
  };
