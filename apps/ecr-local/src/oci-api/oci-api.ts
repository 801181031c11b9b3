import { type Logger } from '@typerush/service-kit';
import { type ErrorRequestHandler, raw, type Request, type RequestHandler, Router } from 'express';
import { OciError, ociErrorOf } from '../errors/oci-error';
import { manifestLimitBytes } from '../registry/manifest';
import { type Registry } from '../registry/registry';
import { cancelUpload, finishUpload, startUpload, uploadChunk, uploadStatus } from './blob-uploads';
import { pullBlob, refuseBlobDeletion } from './blobs';
import { listReferrers, listTags } from './content-discovery';
import { deleteManifest, pullManifest, putManifest } from './manifests';
import { tokenPurpose, tokenUser } from '../registry/operations/authorization';
import { downloadPurpose } from '../registry/operations/layers';
import { type TokenVerdict } from '../registry/token-signer';
import { pathPart } from './requested-repository';

/** A name holds slashes, so each pattern takes all that comes before the words of its own. */
const blob = /^\/(?<name>.+)\/blobs\/(?<digest>[^/]+)$/;
const uploads = /^\/(?<name>.+)\/blobs\/uploads\/?$/;
const upload = /^\/(?<name>.+)\/blobs\/uploads\/(?<upload>[^/]+)$/;
const manifest = /^\/(?<name>.+)\/manifests\/(?<reference>[^/]+)$/;
const tags = /^\/(?<name>.+)\/tags\/list$/;
const referrers = /^\/(?<name>.+)\/referrers\/(?<digest>[^/]+)$/;

/**
 * The registry protocol; mount it at /v2.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#endpoints
 */
export function createOciApi(deps: { registry: Registry; logger: Logger }): Router {
  const { registry, logger } = deps;
  const router = Router();
  router.use((_request, response, next) => {
    response.setHeader('Docker-Distribution-Api-Version', 'registry/2.0');
    next();
  });
  router.get(blob, onlyIfSigned(registry, pullBlob(registry)));
  router.use(requireToken(registry));
  router.get('/', (_request, response) => {
    response.json({});
  });
  router.post(uploads, startUpload(registry));
  router.patch(upload, uploadChunk(registry));
  router.get(upload, uploadStatus(registry));
  router.put(upload, finishUpload(registry));
  router.delete(upload, cancelUpload(registry));
  router.get(blob, pullBlob(registry));
  router.delete(blob, refuseBlobDeletion);
  router.get(manifest, pullManifest(registry));
  router.put(manifest, raw({ type: () => true, limit: manifestLimitBytes }), putManifest(registry));
  router.delete(manifest, deleteManifest(registry));
  router.get(tags, listTags(registry));
  router.get(referrers, listReferrers(registry));
  router.use((request) => {
    throw new OciError(
      'UNSUPPORTED',
      `There is no ${request.method} /v2${request.path} here.`,
      404,
    );
  });
  router.use(answerError(logger));
  return router;
}

const onlyIfSigned =
  (registry: Registry, handler: RequestHandler): RequestHandler =>
  (request, response, next) =>
    isSignedDownload(registry, request) ? handler(request, response, next) : next();

const answerError =
  (logger: Logger): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    if (response.destroyed) {
      logger.debug({ err: error }, 'the client went away');
      return;
    }
    const known = ociErrorOf(error);
    if (!known) logger.error({ err: error }, 'a request of the registry protocol failed');
    if (response.headersSent) return next(error);
    const answer =
      known ?? new OciError('UNKNOWN', 'ecr-local failed to process this request. See its log.');
    response.removeHeader('content-length');
    response.status(answer.status).json(answer.body);
  };

/**
 * HTTP Basic with a token of GetAuthorizationToken, in ECR's words.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html#registry_auth_http
 */
const requireToken =
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
function isSignedDownload({ tokens }: Registry, request: Request): boolean {
  const { token } = request.query;
  if (typeof token !== 'string') return false;
  const purpose = downloadPurpose({ name: pathPart(request, 'name') }, pathPart(request, 'digest'));
  return tokens.verify(purpose, token) === 'valid';
}
