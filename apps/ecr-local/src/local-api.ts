import { type ErrorRequestHandler, json, type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { type AccessControl } from './access/access-control';
import { AccessError } from './access/access-error';
import { keepBytes } from './access/request-bytes';
import { type MovableClock } from './clock';
import { isOutOfSpace, outOfSpace } from './errors/out-of-space';
import { type EventLog } from './events/event-log';
import { type LifecycleRun, runLifecycle } from './registry/lifecycle';
import { type Registries } from './registry/registries';

const moveSchema = z
  .strictObject({
    advanceSeconds: z.number('a number of seconds').positive('more than 0').optional(),
    time: z.iso.datetime({ offset: true, error: 'a time such as 2027-01-31T12:00:00Z' }).optional(),
  })
  .refine(({ advanceSeconds, time }) => (advanceSeconds === undefined) !== (time === undefined), {
    error: 'either advanceSeconds or time',
  });

const runSchema = z.strictObject({
  repositoryName: z.string('the name of a repository').optional(),
});

/**
 * What ECR does not have: `/_local/clock` moves the clock, after which the policies that are due are applied; `/_local/lifecycle` applies
 * policies now; `/_local/events` answers the latest events. If access is controlled, a request that changes something has
 * to be signed for `ecr`, and `ecr-local:MoveClock` or `ecr-local:RunLifecycle` be allowed. A body has to be JSON: a web
 * page cannot send that here unasked, since no other origin is allowed.
 */
export function createLocalApi(deps: {
  registries: Registries;
  clock: MovableClock;
  runDue: () => Promise<readonly LifecycleRun[]>;
  events: EventLog;
  access: AccessControl;
}): Router {
  const { registries, clock, runDue, events, access } = deps;
  const router = Router();
  router.get('/clock', (_request, response) => void response.json({ time: clock() }));
  router.get('/events', events.handler);
  router.use(requireJson, json({ limit: '10kb', verify: keepBytes }));
  const may =
    (action: string): RequestHandler =>
    async (request, _response, next) => {
      if (!access.identities) return next();
      const identity = await access.authenticate(request, 'ecr');
      const { account, region } = registries.own;
      const sourceIp = request.socket.remoteAddress;
      access.authorize(identity, {
        action,
        resource: '*',
        location: { account, region },
        sourceIp,
      });
      next();
    };
  router.post('/clock', may('ecr-local:MoveClock'), async (request, response) => {
    const { advanceSeconds, time } = moveSchema.parse(request.body);
    if (time !== undefined) clock.set(new Date(time));
    else clock.advance((advanceSeconds ?? 0) * 1000);
    response.json({ time: clock(), lifecycle: await runDue() });
  });
  router.post('/lifecycle', may('ecr-local:RunLifecycle'), async (request, response) => {
    const { repositoryName } = runSchema.parse(request.body);
    const runs: LifecycleRun[] = [];
    for (const registry of registries.all()) {
      for (const repository of registry.repositories.list()) {
        if (repositoryName !== undefined && repository.name !== repositoryName) continue;
        const run = await runLifecycle(registry, repository);
        if (run) runs.push(run);
      }
    }
    response.json({ lifecycle: runs });
  });
  router.use(answerError);
  return router;
}

const requireJson: RequestHandler = (request, response, next) => {
  if (request.method !== 'POST') return next();
  if (request.is('application/json')) return next();
  response.status(415).json({ message: 'Send JSON, with Content-Type: application/json.' });
};

const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error);
  if (error instanceof z.ZodError) {
    const message = error.issues
      .map(({ path, message: expected }) => `${path.join('.') || 'the body'}: expected ${expected}`)
      .join('; ');
    return void response.status(400).json({ message: `Invalid request: ${message}.` });
  }
  if (error instanceof AccessError)
    return void response.status(403).json({ message: error.message });
  if (error instanceof RangeError)
    return void response.status(400).json({ message: error.message });
  if (isOutOfSpace(error)) {
    return void response.status(outOfSpace.status).json({ message: outOfSpace.message });
  }
  const { status } = error as { readonly status?: unknown };
  if (typeof status === 'number' && status < 500) {
    return void response.status(status).json({ message: 'The body cannot be read as JSON.' });
  }
  next(error);
};
