import { type Request, type RequestHandler } from 'express';
import { OciError } from '../errors/oci-error';
import { tokenPurpose, tokenUser } from '../registry/operations/authorization';
import { downloadPurpose } from '../registry/operations/layers';
import { type Registry } from '../registry/registry';
import { type TokenVerdict } from '../registry/token-signer';
import { pathPart } from './requested-repository';

/**
 * HTTP Basic with a token of GetAuthorizationToken, in ECR's words.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html#registry_auth_http
 */
export const requireToken =
  (registry: Registry): RequestHandler =>
  (request, response, next) => {
    const verdict = verdictOn(registry, request);
    if (verdict === 'valid') return next();
    if (verdict === 'expired') {
      throw new OciError(
        'DENIED',
        'Your authorization token has expired. Reauthenticate and try again.',
      );
    }
    const realm = `http://${registry.host()}/`;
    response.setHeader('WWW-Authenticate', `Basic realm="${realm}",service="ecr.amazonaws.com"`);
    response.setHeader('content-type', 'text/plain; charset=utf-8');
    response.status(401).end('Not Authorized\n');
  };

function verdictOn({ tokens }: Registry, request: Request): TokenVerdict {
  const [scheme = '', credentials = ''] = (request.get('authorization') ?? '').split(' ');
  if (scheme.toLowerCase() !== 'basic') return 'invalid';
  const [user, password = ''] = Buffer.from(credentials, 'base64').toString().split(':');
  return user === tokenUser ? tokens.verify(tokenPurpose, password) : 'invalid';
}

/** A URL of GetDownloadUrlForLayer carries its own right to that one layer. */
export function isSignedDownload({ tokens }: Registry, request: Request): boolean {
  const { token } = request.query;
  if (typeof token !== 'string') return false;
  const purpose = downloadPurpose({ name: pathPart(request, 'name') }, pathPart(request, 'digest'));
  return tokens.verify(purpose, token) === 'valid';
}
