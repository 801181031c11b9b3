import { randomUUID } from 'node:crypto';
import { type Logger } from '@typerush/service-kit';
import { type ErrorRequestHandler, type Request, type RequestHandler, Router, text } from 'express';
import { type AccessControl } from '../access/access-control';
import { AccessError, jsonErrorNames } from '../access/access-error';
import { authorizeOperation } from '../access/ecr-access';
import { type Identity } from '../access/identity';
import { keepBytes } from '../access/request-bytes';
import { bodyProblem } from '../errors/body-problem';
import { EcrError } from '../errors/ecr-error';
import { isOutOfSpace, outOfSpace } from '../errors/out-of-space';
import { checkInput } from './check-input';
import { JsonError, parseJson } from '../input/bounded-json';
import { type EcrService } from '../registry/ecr-service';
import { type Registries, type RegistryLocation } from '../registry/registries';
import { type Registry } from '../registry/registry';
import { type ParameterApi, ParameterApiError, ssmTargetPrefix } from '../ssm/parameter-api';

export const ecrTargetPrefix = 'AmazonEC2ContainerRegistry_V20150921';

/** A layer part of 20 MiB in base64 is the largest request. */
const bodyLimitBytes = 32 * 1024 * 1024;

const contentType = 'application/x-amz-json-1.1';

/** https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
export function createEcrApi(deps: EcrApiDeps): Router {
  const router = Router();
  router.use(text({ type: () => true, limit: bodyLimitBytes, verify: keepBytes }));
  router.use(answer(deps));
  router.use(answerError(deps.logger));
  return router;
}

export interface EcrApiDeps {
  readonly access: AccessControl;
  readonly registries: Registries;
  readonly serviceOf: (registry: Registry) => EcrService;
  /** Systems Manager speaks the same protocol. */
  readonly ssm: ParameterApi;
  readonly logger: Logger;
}

const answer =
  (deps: EcrApiDeps): RequestHandler =>
  async (request, response) => {
    const result = await call(deps, request);
    response.setHeader('x-amzn-requestid', randomUUID());
    response.setHeader('content-type', contentType);
    response.end(JSON.stringify(toWire(result)));
  };

async function call(deps: EcrApiDeps, request: Request): Promise<unknown> {
  const target = request.get('x-amz-target') ?? '';
  const [prefix, name = ''] = target.split('.');
  const { access, registries, ssm } = deps;
  const service =
    prefix === ssmTargetPrefix ? 'ssm' : prefix === ecrTargetPrefix ? 'ecr' : undefined;
  const identity = await access.authenticate(request, service);
  const location = access.locate(request);
  const input = parseBody(request.body);
  const sourceIp = request.socket.remoteAddress;
  if (service === 'ssm') return ssm(name, input, { access, identity, location, sourceIp });
  if (prefix !== ecrTargetPrefix || !isOperation(name))
    throw unknownOperation(prefix, name, target);
  checkInput(name, input);
  const registry = await registries.of(addressedLocation(access, location, input));
  authorizeOperation(access, { identity, registry, sourceIp }, name, input as object);
  // Every method validates its input, so the type is not checked here.
  const ecr = deps.serviceOf(registry);
  const run: (input: unknown, identity: Identity) => Promise<unknown> = ecr[
    operations[name]
  ] as never;
  return run(input, identity);
}

/** If access is controlled, a request may be about the registry of another account: policies decide. */
function addressedLocation(
  access: AccessControl,
  location: RegistryLocation,
  input: unknown,
): RegistryLocation {
  const { registryId } = input as { readonly registryId?: string };
  if (!access.identities || registryId === undefined) return location;
  return { ...location, account: registryId };
}

const unknownOperation = (prefix: string | undefined, name: string, target: string) =>
  new EcrError(
    'UnknownOperationException',
    `ecr-local does not implement ${prefix === ecrTargetPrefix ? `the ECR operation '${name}'` : `'${target}'`}. ` +
      `It implements: ${Object.keys(operations).join(', ')}.`,
  );

function parseBody(body: unknown): unknown {
  try {
    return parseJson(typeof body === 'string' && body !== '' ? body : '{}');
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new EcrError('SerializationException', `The body of the request ${error.message}.`);
  }
}

const answerError =
  (logger: Logger): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const { status, code, message, details } = describe(error, logger);
    response.setHeader('x-amzn-requestid', randomUUID());
    response.setHeader('x-amzn-errortype', code);
    response.setHeader('content-type', contentType);
    response.status(status).end(JSON.stringify({ __type: code, message, ...details }));
  };

interface WireError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

function describe(error: unknown, logger: Logger): WireError {
  if (error instanceof AccessError) {
    return { status: 400, code: jsonErrorNames[error.code], message: error.message };
  }
  if (error instanceof ParameterApiError) {
    return { status: 400, code: error.code, message: error.message };
  }
  if (error instanceof EcrError) {
    const { code, message, details } = error;
    return { status: code === 'ServerException' ? 500 : 400, code, message, details };
  }
  if (bodyProblem(error)?.status === 413) {
    const message = `A request has at most ${bodyLimitBytes} bytes.`;
    return { status: 413, code: 'RequestEntityTooLargeException', message };
  }
  const problem = bodyProblem(error);
  if (problem) {
    const message = `The body of the request cannot be read: ${problem.message}.`;
    return { status: 400, code: 'SerializationException', message };
  }
  if (isOutOfSpace(error)) return { ...outOfSpace, code: 'ServerException' };
  logger.error({ err: error }, 'an ECR operation failed');
  const message = 'ecr-local failed to process this request. See its log.';
  return { status: 500, code: 'ServerException', message };
}

/** The API's result as its JSON: a date is a number of seconds, with milliseconds as its fraction. */
function toWire(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toWire(member)]));
}

/** The emulated operations of the ECR API, and the method of each. The type requires every method. */
export const operations: { readonly [Name in keyof EcrService as Capitalize<Name>]: Name } = {
  CreateRepository: 'createRepository',
  DescribeRepositories: 'describeRepositories',
  DeleteRepository: 'deleteRepository',
  DescribeRegistry: 'describeRegistry',
  GetAccountSetting: 'getAccountSetting',
  PutAccountSetting: 'putAccountSetting',
  PutImageTagMutability: 'putImageTagMutability',
  PutImageScanningConfiguration: 'putImageScanningConfiguration',
  PutLifecyclePolicy: 'putLifecyclePolicy',
  GetLifecyclePolicy: 'getLifecyclePolicy',
  DeleteLifecyclePolicy: 'deleteLifecyclePolicy',
  SetRepositoryPolicy: 'setRepositoryPolicy',
  GetRepositoryPolicy: 'getRepositoryPolicy',
  DeleteRepositoryPolicy: 'deleteRepositoryPolicy',
  TagResource: 'tagResource',
  UntagResource: 'untagResource',
  ListTagsForResource: 'listTagsForResource',
  GetAuthorizationToken: 'getAuthorizationToken',
  DescribeImages: 'describeImages',
  ListImages: 'listImages',
  BatchGetImage: 'batchGetImage',
  PutImage: 'putImage',
  BatchDeleteImage: 'batchDeleteImage',
  BatchCheckLayerAvailability: 'batchCheckLayerAvailability',
  GetDownloadUrlForLayer: 'getDownloadUrlForLayer',
  InitiateLayerUpload: 'initiateLayerUpload',
  UploadLayerPart: 'uploadLayerPart',
  CompleteLayerUpload: 'completeLayerUpload',
  BatchGetRepositoryScanningConfiguration: 'batchGetRepositoryScanningConfiguration',
  CreatePullThroughCacheRule: 'createPullThroughCacheRule',
  CreateRepositoryCreationTemplate: 'createRepositoryCreationTemplate',
  DeletePullThroughCacheRule: 'deletePullThroughCacheRule',
  DeleteRegistryPolicy: 'deleteRegistryPolicy',
  DeleteRepositoryCreationTemplate: 'deleteRepositoryCreationTemplate',
  DeleteSigningConfiguration: 'deleteSigningConfiguration',
  DeregisterPullTimeUpdateExclusion: 'deregisterPullTimeUpdateExclusion',
  DescribeImageReplicationStatus: 'describeImageReplicationStatus',
  DescribeImageScanFindings: 'describeImageScanFindings',
  DescribeImageSigningStatus: 'describeImageSigningStatus',
  DescribePullThroughCacheRules: 'describePullThroughCacheRules',
  DescribeRepositoryCreationTemplates: 'describeRepositoryCreationTemplates',
  GetLifecyclePolicyPreview: 'getLifecyclePolicyPreview',
  GetRegistryPolicy: 'getRegistryPolicy',
  GetRegistryScanningConfiguration: 'getRegistryScanningConfiguration',
  GetSigningConfiguration: 'getSigningConfiguration',
  ListImageReferrers: 'listImageReferrers',
  ListPullTimeUpdateExclusions: 'listPullTimeUpdateExclusions',
  PutRegistryPolicy: 'putRegistryPolicy',
  PutRegistryScanningConfiguration: 'putRegistryScanningConfiguration',
  PutReplicationConfiguration: 'putReplicationConfiguration',
  PutSigningConfiguration: 'putSigningConfiguration',
  RegisterPullTimeUpdateExclusion: 'registerPullTimeUpdateExclusion',
  StartImageScan: 'startImageScan',
  StartLifecyclePolicyPreview: 'startLifecyclePolicyPreview',
  UpdateImageStorageClass: 'updateImageStorageClass',
  UpdatePullThroughCacheRule: 'updatePullThroughCacheRule',
  UpdateRepositoryCreationTemplate: 'updateRepositoryCreationTemplate',
  ValidatePullThroughCacheRule: 'validatePullThroughCacheRule',
};

type OperationName = keyof typeof operations;

const isOperation = (name: string): name is OperationName => Object.hasOwn(operations, name);
