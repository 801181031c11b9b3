import { randomUUID } from 'node:crypto';
import { type Logger } from '@typerush/service-kit';
import { type ErrorRequestHandler, type Request, type RequestHandler, Router, text } from 'express';
import { bodyProblem } from '../errors/body-problem';
import { EcrError } from '../errors/ecr-error';
import { checkInput } from './check-input';
import { JsonError, parseJson } from '../input/bounded-json';
import { type EcrService } from '../registry/ecr-service';

export const ecrTargetPrefix = 'AmazonEC2ContainerRegistry_V20150921';

/** A layer part of 20 MiB in base64 is the largest request. */
const bodyLimitBytes = 32 * 1024 * 1024;

const contentType = 'application/x-amz-json-1.1';

/** https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
export function createEcrApi(deps: {
  ecrOf: (request: Request) => Promise<EcrService>;
  logger: Logger;
}): Router {
  const router = Router();
  router.use(text({ type: () => true, limit: bodyLimitBytes }));
  router.use(answer(deps.ecrOf));
  router.use(answerError(deps.logger));
  return router;
}

const answer =
  (ecrOf: (request: Request) => Promise<EcrService>): RequestHandler =>
  async (request, response) => {
    const ecr = await ecrOf(request);
    const result = await call(ecr, request.get('x-amz-target') ?? '', parseBody(request.body));
    response.setHeader('x-amzn-requestid', randomUUID());
    response.setHeader('content-type', contentType);
    response.end(JSON.stringify(toWire(result)));
  };

function call(ecr: EcrService, target: string, input: unknown): Promise<unknown> {
  const [prefix, name = ''] = target.split('.');
  if (prefix !== ecrTargetPrefix || !isOperation(name)) {
    throw new EcrError(
      'UnknownOperationException',
      `ecr-local does not implement ${prefix === ecrTargetPrefix ? `the ECR operation '${name}'` : `'${target}'`}. ` +
        `It implements: ${Object.keys(operations).join(', ')}.`,
    );
  }
  checkInput(name, input);
  // Every method validates its input, so the type is not checked here.
  const run: (input: unknown) => Promise<unknown> = ecr[operations[name]] as never;
  return run(input);
}

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
