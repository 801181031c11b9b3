import express, {
  type ErrorRequestHandler,
  type RequestHandler,
  type Response,
  Router,
} from 'express';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
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
import { bodyProblem } from '../errors/body-problem';
import { accessKeyOf } from '../registry/registries';
import { parseFormParameters } from './form-parameters';
import { QueryError } from './query-error';
import { action, findAction, type QueryService } from './query-service';
import { errorXml, successXml } from './xml-response';

export interface QueryApiDeps {
  readonly accountId: string;
  readonly region: string;
  readonly clock: Clock;
  readonly stacks: StackStore;
  readonly ecr: RepositoryPort;
  readonly log: EngineLog;
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
  const { accountId, region, clock: now, stacks, ecr, log, newId = randomUUID } = deps;
  const location = { accountId, region };
  const handlers = createResourceHandlers({ ecr, location, newId });
  const engine = { store: stacks, handlers, location, now, newId, log };
  await recoverStacks(engine);
  const services = [
    createCloudFormationService(engine),
    createStsService({ accountId, now, newId }),
  ];

  const router = Router();
  router.post(
    '/',
    express.text({ type: formType, limit: bodyLimit }),
    async (request, response, next) => {
      if (!request.is(formType)) return next();
      const requestId = newId();
      const body = typeof request.body === 'string' ? request.body : '';
      send(response, requestId, await answer(body, services, requestId, log));
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

async function answer(
  body: string,
  services: readonly QueryService[],
  requestId: string,
  log: EngineLog,
): Promise<Answer> {
  let namespace = errorNamespace;
  try {
    const { Action, Version, ...parameters } = parseFormParameters(body);
    if (typeof Action !== 'string' || typeof Version !== 'string') {
      throw new QueryError('MissingAction', 'The request must name an Action and a Version.');
    }
    const { service, run } = findAction(services, Action, Version);
    namespace = service.namespace;
    const result = await run(parameters);
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
      : error;
  if (refusal instanceof QueryError) {
    log.info(
      { awsRequestId: requestId, code: refusal.code, reason: refusal.message },
      'query action refused',
    );
    return refusal;
  }
  log.error({ awsRequestId: requestId, err: error }, 'query action failed');
  return new QueryError(
    'InternalFailure',
    `Request ${requestId} failed; see the log of ecr-local.`,
    500,
  );
}

interface StsDeps {
  readonly accountId: string;
  readonly now: () => Date;
  readonly newId: () => string;
}

const assumeRole = z.object({
  RoleArn: z.string().regex(/^arn:[\w-]+:iam::\d{12}:role\/.+$/, 'must be the ARN of a role'),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/, 'must be 2 to 64 of [\\w+=,.@-]'),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200).default(3_600),
});

/**
 * AWS STS: who the caller is, and credentials for any role. Nothing is checked against them: every
 * caller is the account's `user/local`.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
function createStsService({ accountId, now, newId }: StsDeps): QueryService {
  return {
    name: 'STS',
    version: '2011-06-15',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    actions: {
      GetCallerIdentity: action(z.object({}), () => ({
        UserId: 'AIDALOCAL00000000000',
        Account: accountId,
        Arn: `arn:aws:iam::${accountId}:user/local`,
      })),
      AssumeRole: action(assumeRole, (input) => {
        const [, partition, , , account, role] = input.RoleArn.split(':');
        const roleName = role?.split('/').at(-1);
        return {
          Credentials: {
            AccessKeyId: accessKeyOf(account ?? accountId, newId()),
            SecretAccessKey: newId(),
            SessionToken: newId(),
            Expiration: new Date(now().getTime() + input.DurationSeconds * 1000),
          },
          AssumedRoleUser: {
            AssumedRoleId: `AROALOCAL00000000000:${input.RoleSessionName}`,
            Arn: `arn:${partition}:sts::${account}:assumed-role/${roleName}/${input.RoleSessionName}`,
          },
        };
      }),
    },
  };
}
