import { lastLines, type CommandResult } from '@typerush/child-process';
import { type Result, type Rule } from '../check';

export interface SmokeTestOptions {
  /** The path that responds with 200 while the service is alive. */
  readonly health: string;
  /** The path that responds with 200 when the service is ready; undefined if there is none. */
  readonly ready?: string;
  /** Seconds until it must be alive and ready. */
  readonly timeout: number;
  /** Seconds until it must have ended. */
  readonly stopSeconds: number;
}

/** How a service responded to requests of a path. */
export type ServiceResponse =
  | { readonly outcome: 'ok'; readonly afterMs: number }
  | { readonly outcome: 'ended'; readonly code: number; readonly afterMs: number }
  | { readonly outcome: 'late'; readonly last: string };

/** What was observed of a running image; undefined is what was not reached. */
export interface SmokeTestFacts {
  /** `User` of the image configuration. */
  readonly user?: string;
  /** What the runner does not test. */
  readonly lacks?: string;
  /** Why its program could not be started. */
  readonly refusal?: string;
  readonly live?: ServiceResponse;
  readonly ready?: ServiceResponse;
  readonly healthCheck?: CommandResult;
  /** Of loading each third-party module. */
  readonly modules?: CommandResult;
  readonly processStatus?: string;
  readonly stop?: { readonly killed: boolean; readonly code: number; readonly afterMs: number };
  readonly logs: string;
}

const neverLive = { skipped: 'it never responded' };
const needsContainer = { skipped: 'only a container can test it' };

export const smokeTestRules = (port: number, options: SmokeTestOptions) => [
  ...responseRules(port, options),
  ...behaviourRules,
];

function responseRules(
  port: number,
  { health, ready, timeout }: SmokeTestOptions,
): readonly Rule<SmokeTestFacts>[] {
  const isLive: Rule<SmokeTestFacts> = {
    id: 'live',
    fact: `responds with 200 at ${health} on port ${port}`,
    remedy:
      'listen on 0.0.0.0 and this port, respond with 200 at the path that health in image.json names, and set the variables it needs to start in verify.env there',
    check: ({ refusal, live, logs }) => (refusal ? [refusal] : checkResponse(live, logs, timeout)),
  };
  const isReady: Rule<SmokeTestFacts> = {
    id: 'ready',
    fact: `is ready: responds with 200 at ${ready}`,
    remedy:
      'find out what it waits for; if that is not in the image, leave verify.ready out of image.json',
    check: (facts) =>
      wasLive(facts) ? checkResponse(facts.ready, facts.logs, timeout) : neverLive,
  };
  return ready ? [isLive, isReady] : [isLive];
}

function checkResponse(
  response: ServiceResponse | undefined,
  logs: string,
  timeout: number,
): Result {
  if (response?.outcome === 'ok') return { measured: `after ${response.afterMs} ms` };
  const problem =
    response?.outcome === 'ended'
      ? `it ended with code ${response.code} after ${response.afterMs} ms`
      : `${response?.last ?? 'no response'}, for ${timeout} s`;
  const last = lastLines({ code: 1, stdout: logs, stderr: '' }, 8).split('\n').filter(Boolean);
  // The message of an error may be far above its stack and its properties.
  const [message] = findStackTrace(logs);
  const lines = message === undefined || last.includes(message) ? last : [message, ...last];
  return [problem, ...lines.map((line) => `  ${line.slice(0, 300)}`)];
}

const behaviourRules: readonly Rule<SmokeTestFacts>[] = [
  {
    id: 'health-check-runs',
    fact: 'passes its own health check',
    remedy: 'run the command of HEALTHCHECK in the container: it must exit with 0',
    check: ({ live, healthCheck }) => {
      if (!wasLive({ live })) return neverLive;
      if (!healthCheck) return { skipped: 'the image has none' };
      if (healthCheck.code === 0) return [];
      return [lastLines(healthCheck, 3) || `it ended with code ${healthCheck.code}`];
    },
  },
  {
    id: 'modules',
    fact: 'loads each third-party module',
    remedy:
      'ship the package as files (asFiles in the options of the build target), or leave it out (external) if it never runs',
    check: ({ live, modules }) => {
      if (!wasLive({ live })) return neverLive;
      if (!modules) return { skipped: 'the image has no dependencies/index.js' };
      if (modules.code === 0) return [];
      return [lastLines(modules, 8) || `loading ended with code ${modules.code}`];
    },
  },
  {
    id: 'runs-as',
    fact: 'always runs as its user',
    remedy: 'set the user with USER; no program of the image may change it',
    check: checkUser,
  },
  {
    id: 'read-only',
    fact: 'works with a read-only root file system',
    remedy: 'write only to mounts, and logs to standard output',
    check: (facts) => {
      if (facts.lacks) return needsContainer;
      const line = facts.logs.split('\n').find((each) => /EROFS|read-only file system/i.test(each));
      if (line) return [line.slice(0, 300)];
      return wasLive(facts) ? [] : neverLive;
    },
  },
  {
    id: 'clean-start',
    fact: 'logs no stack trace',
    remedy:
      'report invalid configuration and unavailable dependencies in a message, without a stack trace',
    check: ({ logs, refusal }) => (refusal ? neverLive : findStackTrace(logs)),
  },
  {
    id: 'stops',
    fact: 'exits with code 0 on its stop signal',
    remedy:
      "handle the signal: process.on('SIGTERM', () => server.close()), with Nest app.enableShutdownHooks(); close connections too",
    check: ({ stop, live }) => {
      if (!stop) return live?.outcome === 'ended' ? { skipped: 'it ended by itself' } : neverLive;
      if (stop.killed) return [`it had to be killed after ${stop.afterMs} ms`];
      if (stop.code !== 0) return [`it ended with code ${stop.code}`];
      return { measured: `after ${stop.afterMs} ms` };
    },
  },
];

/** https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function checkUser({ processStatus = '', user = '0', lacks }: SmokeTestFacts): Result {
  const line = /^Uid:\s+([\d\s]+)$/m.exec(processStatus)?.[1];
  if (!line) return lacks ? needsContainer : { skipped: 'no program of the image can read it' };
  const ids = line.trim().split(/\s+/);
  const [expected] = user.split(':', 1);
  return ids.every((id) => id === expected)
    ? { measured: `user ${expected}` }
    : [`its process runs as ${ids.join(', ')}; USER is ${expected}`];
}

const wasLive = ({ live }: Pick<SmokeTestFacts, 'live'>) => live?.outcome === 'ok';

const frame =
  /(^|\n|\\n)\s+at (async )?([^\n]+ \()?(file:\/\/|node:|\/|[\w.-]+\/)?[^\s()]*:\d+:\d+\)?/;

/** `TypeError: boom`, `Error [ERR_X]: boom`; other lines of the message may follow. */
const errorLine = /^(Uncaught )?[\w$.]*(Error|Exception)\b[^:]*: /;

/**
 * The message of the first error with a stack in logs, as plain text or in JSON: the line that names the error, otherwise the one
 * before its first frame; empty if there is none.
 */
export function findStackTrace(logs: string): string[] {
  const found = frame.exec(logs);
  if (!found) return [];
  const [paragraph = ''] = logs
    .slice(0, found.index)
    .split(/\n\s*\n/)
    .slice(-1);
  const lines = paragraph.split('\n');
  const message = lines.findLast((line) => errorLine.test(line)) ?? lines.at(-1) ?? '';
  return [message.slice(0, 200) || found[0].trim()];
}
