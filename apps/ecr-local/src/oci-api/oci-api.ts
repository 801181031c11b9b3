import { type Logger } from '@typerush/service-kit';
import { type ErrorRequestHandler, raw, type Request, type Response, Router } from 'express';
import { type AccessControl } from '../access/access-control';
import { type Identity } from '../access/identity';
import { readTokenLogin } from '../access/token-login';
import { OciError, ociErrorOf } from '../errors/oci-error';
import { manifestLimitBytes } from '../registry/manifest';
import { type Registry } from '../registry/registry';
import { cancelUpload, finishUpload, startUpload, uploadChunk, uploadStatus } from './blob-uploads';
import { pullBlob, refuseBlobDeletion } from './blobs';
import { listReferrers, listTags } from './content-discovery';
import { deleteManifest, pullManifest, putManifest } from './manifests';
import { downloadPurpose, registryOfDownload } from '../registry/operations/layers';
import { type Registries } from '../registry/registries';
import { type Protocol, type ProtocolSettings } from './protocol';
import {
  finishActions,
  mayPerform,
  permissionsOn,
  pullActions,
  setIdentity,
  startActions,
} from './permissions';
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
export function createOciApi(deps: {
  registries: Registries;
  logger: Logger;
  settings: ProtocolSettings;
  access: AccessControl;
}): Router {
  const { registries, logger, settings, access } = deps;
  const { protocol } = settings;
  const router = Router();
  const routers = new Map<Registry, Router>();
  const routesOf = (registry: Registry): Router => {
    const made = routers.get(registry) ?? createRoutes(registry, settings, access);
    routers.set(registry, made);
    return made;
  };
  router.use((_request, response, next) => {
    response.setHeader('Docker-Distribution-Api-Version', 'registry/2.0');
    next();
  });
  router.get(blob, async (request, response, next) => {
    const registry = await registryOfSignedUrl(registries, request);
    return registry ? pullBlob(registry)(request, response, next) : next();
  });
  router.use(async (request, response, next) => {
    const login = await loginOf(request, { registries, protocol, access });
    if (!login) return refuse(registries, response);
    setIdentity(response, login.identity);
    return routesOf(login.registry)(request, response, next);
  });
  router.use(answerError(logger));
  return router;
}

/** The protocol on one registry. */
function createRoutes(
  registry: Registry,
  settings: ProtocolSettings,
  access: AccessControl,
): Router {
  const { protocol } = settings;
  const router = Router();
  const may = permissionsOn(registry, access);
  const mayAlso = mayPerform(registry, access);
  router.get('/', (_request, response) => {
    response.json({});
  });
  router.post(uploads, may(startActions), startUpload(registry, protocol, mayAlso));
  router.patch(upload, may(['ecr:UploadLayerPart']), uploadChunk(registry, protocol));
  router.get(upload, may(['ecr:UploadLayerPart']), uploadStatus(registry));
  router.put(upload, may(finishActions), finishUpload(registry));
  router.delete(upload, may(['ecr:UploadLayerPart']), cancelUpload(registry));
  router.get(blob, may(pullActions), pullBlob(registry));
  router.delete(blob, refuseBlobDeletion);
  router.get(manifest, may(['ecr:BatchGetImage']), pullManifest(registry, mayAlso));
  router.put(
    manifest,
    may(['ecr:PutImage']),
    raw({ type: () => true, limit: manifestLimitBytes }),
    putManifest(registry, settings),
  );
  router.delete(manifest, may(['ecr:BatchDeleteImage']), deleteManifest(registry));
  router.get(tags, may(['ecr:ListImages']), listTags(registry, protocol));
  router.get(referrers, may(['ecr:BatchGetImage']), listReferrers(registry));
  router.use((request) => {
    throw new OciError(
      'UNSUPPORTED',
      `There is no ${request.method} /v2${request.path} here.`,
      404,
    );
  });
  return router;
}

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
 * The registry that the token of a request is for; HTTP Basic with a token of GetAuthorizationToken, in ECR's words.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html#registry_auth_http
 */
async function loginOf(
  request: Request,
  { registries, protocol, access }: LoginDeps,
): Promise<{ readonly registry: Registry; readonly identity: Identity } | undefined> {
  const { tokens } = registries.own;
  const login = readTokenLogin(request.get('authorization'), { tokens, access });
  if (login === 'none' || (login === 'invalid' && protocol === 'oci')) return undefined;
  if (login === 'invalid') {
    throw new OciError('UNAUTHORIZED', 'The authorization token is not valid.', 400);
  }
  const { location, identity, isExpired } = login;
  if (isExpired) {
    throw new OciError(
      'DENIED',
      'Your authorization token has expired. Reauthenticate and try again.',
    );
  }
  return { registry: await registries.of(location), identity };
}

interface LoginDeps {
  readonly registries: Registries;
  readonly protocol: Protocol;
  readonly access: AccessControl;
}

function refuse({ own }: Registries, response: Response): void {
  const realm = `${own.scheme}://${own.host()}/`;
  response.setHeader('WWW-Authenticate', `Basic realm="${realm}",service="ecr.amazonaws.com"`);
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.status(401).end('Not Authorized\n');
}

/** A URL of GetDownloadUrlForLayer carries its own right to that one layer. */
async function registryOfSignedUrl(
  registries: Registries,
  request: Request,
): Promise<Registry | undefined> {
  const { token } = request.query;
  if (typeof token !== 'string') return undefined;
  const { purpose, verdict } = registries.own.tokens.read(token);
  const location = registryOfDownload(purpose);
  if (!location || verdict !== 'valid') return undefined;
  const registry = await registries.of(location);
  const repository = { name: pathPart(request, 'name') };
  return purpose === downloadPurpose(registry, repository, pathPart(request, 'digest'))
    ? registry
    : undefined;
}
