import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Request, type RequestHandler, type Response, Router, urlencoded } from 'express';
import { checkLifecyclePolicy, parseLifecyclePolicy } from '@typerush/image-registry';
import { AccessError } from '../access/access-error';
import { type Identity } from '../access/identity';
import { readTokenLogin } from '../access/token-login';
import { EcrError } from '../errors/ecr-error';
import { addressOnly } from '../http/called-by';
import { dayMs } from '../registry/lifecycle';
import {
  type Addressed,
  addressedBy,
  addressOf,
  type ConsoleDeps,
  frameOf,
  NotInConsoleError,
  type Parameters,
} from './console-data';
import { markup } from './markup';
import { imagePage } from './image-page';
import { consolePaths, linkTo, page } from './layout';
import { longestForecastDays } from './lifecycle-forecast';
import {
  defaultDays,
  policyPage,
  type PolicyDraft,
  proposedPolicy,
  savedDraft,
} from './policy-page';
import { policyText, splitLists } from './policy-text';
import { repositoriesPage } from './repositories-page';
import { repositoryPage } from './repository-page';
import { followRequests, requestsPage } from './requests-page';
import { stacksPage } from './stacks-page';
import { style } from './style';
import { viewerOf } from './viewer';

/** No script, no other origin, no frame: a page is markup and one stylesheet. */
const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const headers: RequestHandler = (_request, response, next) => {
  response.setHeader('content-security-policy', contentSecurityPolicy);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'same-origin');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cache-control', 'no-store');
  next();
};

/**
 * The pages of ecr-local: `/` for a browser, all else below `/_console`. With a file of roles the browser asks for what
 * `docker login` takes, and the pages show and change what its identity may. A change needs the token of a page of this process, from its own origin. A page of another site
 * that has its name resolve to this machine would have both, so that no other name is answered.
 */
export function createConsole(shared: Omit<ConsoleDeps, 'viewer'>): Router {
  const token = randomBytes(32).toString('base64url');
  const router = Router();
  router.get(consolePaths.repositories, (request, _response, next) =>
    // curl and the clients of AWS accept anything; a browser names HTML.
    next(request.accepts(['text/plain', 'text/html']) === 'text/html' ? undefined : 'router'),
  );
  router.get(consolePaths.repositories, addressOnly, headers);
  router.use('/_console', addressOnly, headers);
  router.get(consolePaths.style, (_request, response) => void response.type('css').send(style));
  const withViewer =
    (
      answer: (deps: ConsoleDeps, request: Request, response: Response) => void | Promise<void>,
    ): RequestHandler =>
    async (request, response) => {
      const identity = logIn(request, shared);
      if (!identity) return askForLogin(response);
      const deps = { ...shared, viewer: viewerOf(request, shared.access, identity) };
      try {
        await answer(deps, request, response);
      } catch (error) {
        answerError(deps, error, response);
      }
    };
  const get = (
    path: string,
    render: (deps: ConsoleDeps, query: Parameters) => string | Promise<string>,
  ) =>
    router.get(
      path,
      withViewer(async (deps, request, response) => {
        response.type('html').send(await render(deps, queryOf(request)));
      }),
    );
  get(consolePaths.repositories, repositoriesPage);
  get(consolePaths.repository, repositoryPage);
  get(consolePaths.image, imagePage);
  get(consolePaths.stacks, stacksPage);
  get(consolePaths.policy, (deps, query) => {
    const addressed = addressedBy(deps, query, policyActions);
    const message = messages[query.get('done') ?? ''];
    return policyPage(deps, token, addressed, { ...savedDraft(addressed), message });
  });
  router.get(
    consolePaths.requests,
    withViewer((deps, request, response) => {
      if (queryOf(request).get('live') !== null) return followRequests(deps, response);
      response.type('html').send(requestsPage(deps));
    }),
  );
  const form = urlencoded({ extended: false, limit: '100kb', parameterLimit: 20 });
  router.post(
    consolePaths.policy,
    form,
    withViewer(async (deps, request, response) => {
      const fields = new URLSearchParams(
        Object.entries((request.body ?? {}) as Record<string, string>),
      );
      if (!isOwn(request, fields.get('token') ?? '', token)) {
        response.status(403).type('text/plain');
        response.send('Open the page again: only a page of this ecr-local may change it.\n');
        return;
      }
      const addressed = addressedBy(deps, fields, policyActions);
      const outcome = await change(deps, addressed, fields);
      if (typeof outcome === 'string') {
        const done = { ...addressOf(addressed), done: outcome };
        return response.redirect(303, linkTo(consolePaths.policy, done));
      }
      response.type('html').send(policyPage(deps, token, addressed, outcome));
    }),
  );
  return router;
}

/** The forecast shows the images. */
const policyActions = ['ecr:GetLifecyclePolicy', 'ecr:DescribeImages'];

const messages: Readonly<Record<string, string>> = {
  apply: 'The policy was saved. It is applied a day from now, or when the clock is moved by a day.',
  move: 'The clock was moved, and the policies that were due were applied.',
};

/** @returns the draft to show, or the name of what was done */
async function change(
  deps: ConsoleDeps,
  { registry, repository }: Addressed,
  fields: URLSearchParams,
): Promise<PolicyDraft | string> {
  // A form sends line ends as CR LF.
  const text = (fields.get('text') ?? '').replaceAll('\r\n', '\n');
  const days = daysFrom(fields.get('days'));
  const action = fields.get('do');
  try {
    if (action === 'move') {
      if (days === 0) return { text, days, problem: 'Set a number of days to move the clock by.' };
      deps.viewer.require('ecr-local:MoveClock', deps.registries.own);
      deps.clock.advance(days * dayMs);
      await deps.runDue();
      return 'move';
    }
    if (action === 'apply') {
      const request = { repositoryName: repository.name, lifecyclePolicyText: text };
      deps.viewer.requireRepository('ecr:PutLifecyclePolicy', registry, repository.name);
      await deps.serviceOf(registry).putLifecyclePolicy(request);
      return 'apply';
    }
  } catch (error) {
    if (!(error instanceof EcrError || error instanceof AccessError)) throw error;
    const notDone = action === 'move' ? 'The clock was not moved.' : 'The policy was not saved.';
    return { text, days, problem: `${notDone} ${error.message}` };
  }
  const notSaved = 'Nothing is saved yet.';
  if (action === 'split') {
    const message = `Each entry of a list has a rule of its own now. ${notSaved}`;
    return { text: splitText(text), days, message };
  }
  if (action === 'propose') {
    const message =
      'It expires untagged images after a week, keeps the last 10 of each environment, ' +
      `and protects what latest, staging and prod point to. ${notSaved}`;
    return { text: proposedPolicy(), days, message };
  }
  return { text, days };
}

function splitText(text: string): string {
  const parsed = parseLifecyclePolicy(text);
  if (!('policy' in parsed)) return text;
  const inLists = checkLifecyclePolicy(parsed.policy).flatMap(({ code, rulePriority }) =>
    code === 'all-of-list' && rulePriority !== undefined ? [rulePriority] : [],
  );
  return policyText(splitLists(parsed.policy, new Set(inLists)));
}

function daysFrom(value: string | null): number {
  const days = Math.floor(Number(value ?? defaultDays));
  return days >= 0 && days <= longestForecastDays ? days : defaultDays;
}

/** Whether a page of this console sent the form: no other origin can read the token. */
function isOwn(request: Request, given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  if (one.length !== other.length || !timingSafeEqual(one, other)) return false;
  const origin = request.get('origin');
  const site = request.get('sec-fetch-site') ?? 'same-origin';
  if (site !== 'same-origin') return false;
  return (
    origin === undefined || (URL.canParse(origin) && new URL(origin).host === request.headers.host)
  );
}

const queryOf = ({ originalUrl }: Request): URLSearchParams =>
  new URL(originalUrl, 'http://localhost').searchParams;

/** Without a file of roles everybody has an identity. */
function logIn(
  request: Request,
  { access, registries: { own } }: Omit<ConsoleDeps, 'viewer'>,
): Identity | undefined {
  if (!access.identities) return access.identify(undefined, own.account);
  const login = readTokenLogin(request.get('authorization'), { tokens: own.tokens, access });
  return typeof login === 'string' || login.isExpired ? undefined : login.identity;
}

function askForLogin(response: Response): void {
  response.setHeader('WWW-Authenticate', 'Basic realm="ecr-local", charset="UTF-8"');
  response
    .status(401)
    .type('text/plain')
    .send(
      'This ecr-local has a file of roles. Log in as docker does: the user AWS, and as password what\n' +
        '`aws ecr get-login-password` prints. It is valid for 12 hours.\n',
    );
}

function answerError(deps: ConsoleDeps, error: unknown, response: Response): void {
  const isDenied = error instanceof AccessError;
  if (response.headersSent || !(isDenied || error instanceof NotInConsoleError)) throw error;
  response
    .status(isDenied ? 403 : 404)
    .type('html')
    .send(
      page(
        frameOf(deps, 'Repositories', isDenied ? 'Not allowed' : 'Not found'),
        markup`<p>${error.message}</p>`,
      ),
    );
}
