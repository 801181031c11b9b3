import { randomBytes, timingSafeEqual } from 'node:crypto';
import {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  Router,
  urlencoded,
} from 'express';
import { checkLifecyclePolicy, parseLifecyclePolicy } from '@typerush/image-registry';
import { EcrError } from '../errors/ecr-error';
import { addressOnly } from '../http/called-by';
import { dayMs } from '../registry/lifecycle';
import {
  type Addressed,
  addressedBy,
  addressOf,
  type ConsoleDeps,
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
 * The pages of ecr-local: `/` for a browser, all else below `/_console`. It knows no users, so that it is for an ecr-local
 * without a file of roles. A change needs the token of a page of this process, from its own origin. A page of another site
 * that has its name resolve to this machine would have both, so that no other name is answered.
 */
export function createConsole(deps: ConsoleDeps): Router {
  const token = randomBytes(32).toString('base64url');
  const router = Router();
  router.get(consolePaths.repositories, (request, _response, next) =>
    // curl and the clients of AWS accept anything; a browser names HTML.
    next(request.accepts(['text/plain', 'text/html']) === 'text/html' ? undefined : 'router'),
  );
  router.get(consolePaths.repositories, addressOnly, headers);
  router.use('/_console', addressOnly, headers);
  const get = (path: string, render: (query: Parameters) => string | Promise<string>) =>
    router.get(path, async (request, response) => {
      response.type('html').send(await render(queryOf(request)));
    });
  get(consolePaths.repositories, (query) => repositoriesPage(deps, query));
  get(consolePaths.repository, (query) => repositoryPage(deps, query));
  get(consolePaths.image, (query) => imagePage(deps, query));
  get(consolePaths.stacks, () => stacksPage(deps));
  get(consolePaths.policy, (query) => {
    const addressed = addressedBy(deps, query);
    const message = messages[query.get('done') ?? ''];
    return policyPage(deps, token, addressed, { ...savedDraft(addressed), message });
  });
  router.get(consolePaths.requests, async (request, response) => {
    if (queryOf(request).get('live') !== null) return followRequests(deps, response);
    response.type('html').send(requestsPage(deps));
  });
  router.get(consolePaths.style, (_request, response) => void response.type('css').send(style));
  const form = urlencoded({ extended: false, limit: '100kb', parameterLimit: 20 });
  router.post(consolePaths.policy, form, async (request, response) => {
    const fields = new URLSearchParams(
      Object.entries((request.body ?? {}) as Record<string, string>),
    );
    if (!isOwn(request, fields.get('token') ?? '', token)) {
      response.status(403).type('text/plain');
      response.send('Open the page again: only a page of this ecr-local may change it.\n');
      return;
    }
    const addressed = addressedBy(deps, fields);
    const outcome = await change(deps, addressed, fields);
    if (typeof outcome === 'string') {
      const done = { ...addressOf(addressed), done: outcome };
      return response.redirect(303, linkTo(consolePaths.policy, done));
    }
    response.type('html').send(policyPage(deps, token, addressed, outcome));
  });
  router.use(answerError(deps));
  return router;
}

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
  if (action === 'move') {
    if (days === 0) return { text, days, problem: 'Set a number of days to move the clock by.' };
    deps.clock.advance(days * dayMs);
    await deps.runDue();
    return 'move';
  }
  if (action === 'apply') {
    try {
      const request = { repositoryName: repository.name, lifecyclePolicyText: text };
      await deps.serviceOf(registry).putLifecyclePolicy(request);
      return 'apply';
    } catch (error) {
      if (!(error instanceof EcrError)) throw error;
      return { text, days, problem: `The policy was not saved. ${error.message}` };
    }
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

const answerError =
  ({ clock }: ConsoleDeps): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    if (response.headersSent || !(error instanceof NotInConsoleError)) return next(error);
    const frame = { title: 'Not found', section: 'Repositories', now: clock() } as const;
    response
      .status(404)
      .type('html')
      .send(page(frame, markup`<p>${error.message}</p>`));
  };
