import { isRepositoryName } from '@typerush/image-registry';
import { type Request } from 'express';
import { OciError } from '../errors/oci-error';
import { type Registry } from '../registry/registry';
import { type Repository } from '../registry/repository';
import { digestRule, isDigest } from '../storage/digest';

/** A part of the path that the route's pattern names. */
export function pathPart(request: Request, part: string): string {
  const value: unknown = request.params[part];
  return typeof value === 'string' ? value : '';
}

export function requestedName(request: Request): string {
  const name = pathPart(request, 'name');
  if (isRepositoryName(name)) return name;
  throw new OciError('NAME_INVALID', `'${name}' cannot be the name of a repository.`);
}

export const requestedRepository = (registry: Registry, request: Request): Repository =>
  registry.repositories.get(requestedName(request));

export function checkedDigest(digest: unknown): string {
  if (typeof digest === 'string' && isDigest(digest)) return digest;
  const given = typeof digest === 'string' ? `'${digest}'` : 'The digest';
  throw new OciError('DIGEST_INVALID', `${given} is not ${digestRule}.`);
}

export const digestHeader = 'Docker-Content-Digest';
