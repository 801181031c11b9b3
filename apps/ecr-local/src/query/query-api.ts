import express, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express';
import { randomUUID } from 'node:crypto';
import {
  createCloudFormationService,
  createResourceHandlers,
  recoverStacks,
} from '../cloudformation/cloudformation-service';
import {
  CloudFormationError,
  type CloudFormationErrorCode,
} from '../cloudformation/cloudformation-error';
import { type EngineLog } from '../cloudformation/engine/engine-deps';
import { type RepositoryPort } from '../cloudformation/resources/ecr-repository';
import { type StackStore } from '../cloudformation/stacks/stack-store';
import { type Clock } from '../clock';
import { type AccessControl } from '../access/access-control';
import { AccessError, queryErrorNames } from '../access/access-error';
import { keepBytes } from '../access/request-bytes';
import { bodyProblem } from '../errors/body-problem';
import { type RegistryLocation } from '../registry/registries';
import { parseFormParameters } from './form-parameters';
import { isOutOfSpace, outOfSpace } from '../errors/out-of-space';
import { QueryError } from './query-error';
import { findAction, type QueryService } from './query-service';
import { createStsService } from './sts-service';
import { errorXml, successXml } from './xml-response';

export interface QueryApiDeps {
  readonly accountId: string;
  readonly region: string;
  readonly clock: Clock;
  readonly stacks: StackStore;
  readonly ecr: RepositoryPort;
  readonly log: EngineLog;
  readonly access: AccessControl;
  readonly newId?: () => string;
}

/** A template takes at most three times its 51,200 bytes when it is form-encoded; the rest is small. */
const bodyLimit = '1mb';
const formType = 'application/x-www-form-urlencoded';
const errorNamespace = 'http://webservices.amazon.com/AWSFault/2005-15-09';

/**
 * The AWS Query protocol at `POST /`: CloudFormation and STS. Other content types go on to the next handler.
 * Interrupted stack operations are finished before this resolves.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export async function createQueryApi(deps: QueryApiDeps): Promise<RequestHandler> {
  const { accountId, region, clock: now, stacks, ecr, log, access, newId = randomUUID } = deps;
  const location = { accountId, region };
  const handlers = createResourceHandlers({ ecr, location, newId });
  const engine = { store: stacks, handlers, location, now, newId, log };
  await recoverStacks(engine);
  const services = [
    createCloudFormationService(engine),
    createStsService({ access, location: { account: accountId, region }, now, newId }),
  ];

  const router = Router();
  router.post(
    '/',
    express.text({ type: formType, limit: bodyLimit, verify: keepBytes }),
    async (request, response, next) => {
      if (!request.is(formType)) return next();
      const requestId = newId();
      const location = { account: accountId, region };
      send(
        response,
        requestId,
        await answer(request, { services, requestId, log, access, location }),
      );
    },
  );
  router.use(unreadableBody(newId));
  return router;
}

interface Answer {
  readonly status: number;
  readonly xml: string;
}

function send(response: Response, requestId: string, { status, xml }: Answer): void {
  response.status(status).set('x-amzn-RequestId', requestId).type('text/xml').send(xml);
}

function unreadableBody(newId: () => string): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const problem = bodyProblem(error);
    if (!problem) return next(error);
    const requestId = newId();
    const refusal = new QueryError(
      'MalformedQueryString',
      `The request body cannot be read: ${problem.message}`,
      problem.status,
    );
    send(response, requestId, {
      status: refusal.status,
      xml: errorXml(errorNamespace, requestId, refusal),
    });
  };
}

interface AnswerDeps {
  readonly services: readonly QueryService[];
  readonly requestId: string;
  readonly log: EngineLog;
  readonly access: AccessControl;
  readonly location: RegistryLocation;
}

async function answer(request: Request, deps: AnswerDeps): Promise<Answer> {
  const { services, requestId, log, access, location } = deps;
  const body = typeof request.body === 'string' ? request.body : '';
  let namespace = errorNamespace;
  try {
    const { Action, Version, ...parameters } = parseFormParameters(body);
    if (typeof Action !== 'string' || typeof Version !== 'string') {
      throw new QueryError('MissingAction', 'The request must name an Action and a Version.');
    }
    const { service, run } = findAction(services, Action, Version);
    namespace = service.namespace;
    const identity = await access.authenticate(request, service.signingName);
    const sourceIp = request.socket.remoteAddress;
    if (service.resourceOf) {
      const resource = service.resourceOf(parameters);
      const action = `${service.signingName}:${Action}`;
      access.authorize(identity, { action, resource, location, sourceIp });
    }
    const result = await run(parameters, identity);
    log.info({ action: Action, awsRequestId: requestId }, 'query action');
    return { status: 200, xml: successXml(Action, namespace, requestId, result) };
  } catch (error) {
    const known = asQueryError(error, requestId, log);
    return { status: known.status, xml: errorXml(namespace, requestId, known) };
  }
}

/** How the protocol names the errors of the CloudFormation engine. */
const wireCodes: Readonly<Record<CloudFormationErrorCode, string>> = {
  EXPORT_CONFLICT: 'ValidationError',
  PARAMETERS_INVALID: 'ValidationError',
  TEMPLATE_INVALID: 'ValidationError',
  TYPE_CHANGED: 'ValidationError',
};

function asQueryError(error: unknown, requestId: string, log: EngineLog): QueryError {
  const refusal =
    error instanceof CloudFormationError
      ? new QueryError(wireCodes[error.code], error.message, 400, { cause: error })
      : error instanceof AccessError
        ? new QueryError(queryErrorNames[error.code], error.message, 403, { cause: error })
        : error;
  if (refusal instanceof QueryError) {
    log.info(
      { awsRequestId: requestId, code: refusal.code, reason: refusal.message },
      'query action refused',
    );
    return refusal;
  }
  if (isOutOfSpace(error)) {
    const message = 'There is no space left in the data folder of ecr-local.';
    return new QueryError('InternalFailure', message, outOfSpace.status);
  }
  log.error({ awsRequestId: requestId, err: error }, 'query action failed');
  return new QueryError(
    'InternalFailure',
    `Request ${requestId} failed; see the log of ecr-local.`,
    500,
  );
}
