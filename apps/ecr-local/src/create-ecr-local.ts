import { type Logger } from '@typerush/service-kit';
import { type RequestHandler, Router } from 'express';
import {
  type AccessControl,
  createEnforcedAccess,
  createOpenAccess,
} from './access/access-control';
import { createIdentities } from './access/identities';
import { createServiceRoles } from './access/service-roles';
import { type PrincipalsFile } from './access/principals-file';
import { type Clock, type MovableClock, movableClock, systemClock } from './clock';
import { StackStore } from './cloudformation/stacks/stack-store';
import { createConsole } from './console/console';
import { createRequestLog } from './console/request-log';
import { createEcrApi } from './ecr-api/ecr-api';
import { type PublishEvent } from './events/event';
import { createEventLog } from './events/event-log';
import { createWebhook } from './events/webhook';
import { howToUse } from './how-to-use';
import { localOnly } from './http/called-by';
import { lingeringClose } from './http/lingering-close';
import { createLocalApi } from './local-api';
import { createOciApi } from './oci-api/oci-api';
import { type ImmutableRepush, type Protocol } from './oci-api/protocol';
import { createQueryApi } from './query/query-api';
import { createEcrService } from './registry/create-ecr-service';
import { type EcrService } from './registry/ecr-service';
import { startSweeps } from './registry/sweep';
import { type LifecycleRun, runDueLifecycles } from './registry/lifecycle';
import { type Scanner } from './scanning/scanner';
import { type Storage } from './storage/storage';
import { createPullThrough } from './pull-through/pull-through';
import { createFileSecrets } from './pull-through/upstream-secrets';
import { createUpstreams } from './pull-through/upstreams';
import { openRegistries, type Registries } from './registry/registries';
import { homeOf, type Registry } from './registry/registry';
import { createParameterApi } from './ssm/parameter-api';

export interface EcrLocalOptions {
  readonly storage: Storage;
  readonly logger: Logger;
  /** `<host>:<port>` as clients reach it; it is part of repository URIs, so it must not change between calls. */
  readonly host: () => string;
  /** @default http */
  readonly scheme?: 'http' | 'https' | undefined;
  /** Whether it listens on a loopback address, and therefore rejects requests to other names. */
  readonly loopback: boolean;
  /** Twelve digits. @default 000000000000 */
  readonly account?: string;
  /** @default ap-southeast-1 */
  readonly region?: string;
  readonly clock?: Clock;
  /** Whose registry protocol it speaks. @default ecr */
  readonly protocol?: Protocol;
  /** What a push of an image to an immutable tag that it has is answered with. @default accept */
  readonly immutableRepush?: ImmutableRepush;
  /** Addresses of upstreams by their hosts. @default https://<host> */
  readonly upstreamAddresses?: ReadonlyMap<string, string>;
  /** The file of the secrets that pull through cache rules name. */
  readonly secretsFile?: string;
  /** Who may do what. @default everybody everything */
  readonly principals?: PrincipalsFile;
  /** @default none: a scan fails, and says that there are no advisories */
  readonly scanner?: Scanner | undefined;
  /** Where events are posted to. @default nowhere */
  readonly eventsWebhook?: string | undefined;
}

/** How often it is looked whether a lifecycle policy or a sweep is due. */
const dueIntervalMs = 60_000;

export interface EcrLocal {
  /** Mount it at the root. */
  readonly handler: Router;
  /** That of the account and region of the options. */
  readonly ecr: EcrService;
  /** That of every date in it. */
  readonly clock: MovableClock;
  /** Applies the lifecycle policies that are due, and then removes blobs without an image, if that is due. */
  runDue(): Promise<readonly LifecycleRun[]>;
  /** Ends the responses that stay open, so that the listener can close. */
  drain(): void;
  /** Ends what goes on behind requests, and writes what is not written yet. Then the storage can be closed. */
  close(): Promise<void>;
}

/** Amazon ECR over a storage: the ECR API and the Query APIs at `POST /`, the registry protocol at `/v2/`. */
export async function createEcrLocal(options: EcrLocalOptions): Promise<EcrLocal> {
  const { storage, logger, host, loopback, protocol = 'ecr', immutableRepush = 'accept' } = options;
  const clock = movableClock(options.clock ?? systemClock);
  const start = clock();
  const { account = '000000000000', region = 'ap-southeast-1', scheme = 'http' } = options;
  const onDelay = (err: unknown) =>
    logger.warn({ err }, 'what nobody waits for could not be written; it is repeated');
  const pullThrough = (registryAt: Registries['of']) =>
    createPullThrough({
      upstreams: createUpstreams({
        secrets: createFileSecrets(options.secretsFile),
        addresses: options.upstreamAddresses ?? new Map<string, string>(),
        registryAt,
      }),
      logger,
      fetchesByDigest: protocol === 'oci',
    });
  const { events, publish, closeEvents } = createEvents(options);
  const registries = await openRegistries({
    storage,
    clock,
    account,
    region,
    host,
    scheme,
    onDelay,
    pullThrough,
    serviceRoles: createServiceRoles(() => access),
    scanner: options.scanner,
    publish,
    onFailure: (err) => logger.error({ err }, 'a task behind a request failed'),
  });
  const services = new Map<Registry, EcrService>();
  const serviceOf = (registry: Registry): EcrService => {
    const service = services.get(registry) ?? createEcrService(registry);
    services.set(registry, service);
    return service;
  };
  const stackStores = new Map<string, StackStore>();
  const access: AccessControl = accessControl(options, { clock, own: registries.own, stackStores });
  const stackLocations = await StackStore.locations(storage.documents);
  // Only now, when everything that is stored could be read.
  await storage.documents.sweep();
  await storage.logs.sweep();
  await registries.own.scans.resume(registries.all());
  registries.own.replication.resume(registries.all());
  const queryApis = new Map<Registry, Promise<RequestHandler>>();
  const queryApiOf = (registry: Registry): Promise<RequestHandler> => {
    const location = { accountId: registry.account, region: registry.region };
    const made =
      queryApis.get(registry) ??
      StackStore.open(storage.documents, location).then((stacks) => {
        stackStores.set(homeOf(registry), stacks);
        const ecr = serviceOf(registry);
        return createQueryApi({ ...location, clock, stacks, ecr, log: logger, access });
      });
    queryApis.set(registry, made);
    return made;
  };
  for (const location of [{ account, region }, ...stackLocations]) {
    await queryApiOf(await registries.of(location));
  }

  const sweeps = startSweeps({
    registries,
    storage,
    clock,
    onSwept: (swept) => logger.info({ ...swept }, 'swept leftovers'),
    onFailure: (err) => logger.error({ err }, 'leftovers could not be swept'),
  });

  const runDue = async () => {
    const runs: LifecycleRun[] = [];
    for (const registry of registries.all())
      runs.push(...(await runDueLifecycles(registry, start)));
    if (runs.length > 0) logger.info({ runs }, 'applied lifecycle policies');
    await sweeps.runDue();
    return runs;
  };
  let running: Promise<unknown> = Promise.resolve();
  const dueTimer = setInterval(() => {
    running = runDue().catch((err: unknown) =>
      logger.error({ err }, 'lifecycle policies could not be applied'),
    );
  }, dueIntervalMs).unref();

  const handler = Router();
  handler.use(lingeringClose);
  if (loopback) handler.use(localOnly);
  const requests = createRequestLog(clock);
  handler.use(requests.record);
  handler.use(
    createConsole({ registries, serviceOf, clock, runDue, stackStores, requests, access }),
  );
  const settings = { protocol, immutableRepush };
  handler.use('/v2', createOciApi({ registries, logger, settings, access }));
  handler.use('/_local', createLocalApi({ registries, clock, runDue, events, access }));
  handler.get('/', (_request, response) => {
    response.type('text/plain').send(howToUse({ url: `${scheme}://${host()}`, region, account }));
  });
  const queryApi: RequestHandler = async (request, response, next) =>
    (await queryApiOf(await registries.of(access.locate(request))))(request, response, next);
  const ssm = createParameterApi(({ account: accountId, region: of }) =>
    stackStores.get(`${accountId}/${of}`),
  );
  const ecrApi = createEcrApi({ access, registries, serviceOf, ssm, logger });
  const signature = access.identities ? [] : [requireSignature];
  handler.post('/', ...signature, queryApi, ecrApi);
  const close = async () => {
    clearInterval(dueTimer);
    await running;
    await sweeps.close();
    await registries.flush();
    await closeEvents();
  };
  const drain = () => {
    events.close();
    requests.close();
  };
  return { handler, ecr: serviceOf(registries.own), clock, runDue, drain, close };
}

/** The log of events and, if there is one, the webhook. */
function createEvents({ logger, eventsWebhook }: EcrLocalOptions) {
  const events = createEventLog(() =>
    logger.warn('disconnected a reader of events that lags behind'),
  );
  const webhook =
    eventsWebhook === undefined
      ? undefined
      : createWebhook({
          url: eventsWebhook,
          onDrop: ({ id }, reason) =>
            logger.warn({ event: id, reason }, 'an event was not delivered to the webhook'),
        });
  const publish: PublishEvent = (event) => {
    events.publish(event);
    webhook?.publish(event);
  };
  const closeEvents = async () => {
    events.close();
    await webhook?.close();
  };
  return { events, publish, closeEvents };
}

function accessControl(
  { principals }: EcrLocalOptions,
  deps: {
    readonly clock: Clock;
    readonly own: Registry;
    readonly stackStores: ReadonlyMap<string, StackStore>;
  },
): AccessControl {
  const { clock, own, stackStores } = deps;
  const location = { account: own.account, region: own.region };
  if (!principals) return createOpenAccess(location);
  const stacksOf = (account: string) =>
    [...stackStores].flatMap(([home, stacks]) =>
      home.startsWith(`${account}/`) ? stacks.live() : [],
    );
  const identities = createIdentities({ file: principals, tokens: own.tokens, clock, stacksOf });
  // Clients sign by the clock of the machine, which no request moves.
  const signingClock = systemClock;
  return createEnforcedAccess({ identities, file: principals, own: location, clock, signingClock });
}

/**
 * Any credentials are good here, but a request must be signed with some. Every AWS client signs; a form on a web page, which
 * a browser would send here unprompted, cannot.
 */
const requireSignature: RequestHandler = (request, response, next) => {
  if (request.get('authorization')?.startsWith('AWS4-HMAC-SHA256 ')) return next();
  const __type = 'MissingAuthenticationTokenException';
  const message = 'Missing Authentication Token: sign the request, with any access key.';
  response.setHeader('x-amzn-errortype', __type);
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  response.status(400).end(JSON.stringify({ __type, message }));
};
