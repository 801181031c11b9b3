import { lastLines, type CommandResult } from '@typerush/child-process';
import { type Check, failed, type FactWithRemedy, passed, skipped } from '../check';
import { type RunnableImage } from './image-runner';

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
  /** Why its program could not be started. */
  readonly refusal?: string;
  readonly live?: ServiceResponse;
  readonly ready?: ServiceResponse;
  readonly healthCheck?: CommandResult;
  readonly processStatus?: string;
  readonly stop?: { readonly killed: boolean; readonly code: number; readonly afterMs: number };
  readonly logs: string;
}

const neverLive = 'it never responded';
const needsContainer = 'only a container can test it';

export function smokeTestChecks(
  facts: SmokeTestFacts,
  image: RunnableImage,
  options: SmokeTestOptions,
  lacks: string | undefined,
): Check[] {
  return [
    checkLive(facts, image, options),
    ...(options.ready ? [checkReady(facts, options.ready, options)] : []),
    checkHealthCheck(facts),
    checkProcess(facts, image, lacks),
    checkReadOnly(facts, lacks),
    checkStart(facts),
    checkStop(facts),
  ];
}

function checkLive(
  facts: SmokeTestFacts,
  { port }: RunnableImage,
  options: SmokeTestOptions,
): Check {
  const rule = {
    id: 'live',
    fact: `responds with 200 at ${options.health} on port ${port}`,
    remedy:
      'listen on 0.0.0.0 and this port, and set the variables it needs to start in verify.env of image.json',
  };
  if (facts.refusal) return failed(rule, facts.refusal);
  return checkResponse(rule, facts.live, facts.logs, options);
}

function checkReady(facts: SmokeTestFacts, path: string, options: SmokeTestOptions): Check {
  const rule = {
    id: 'ready',
    fact: `is ready: responds with 200 at ${path}`,
    remedy:
      'find out what it waits for; if that is not in the image, leave verify.ready out of image.json',
  };
  if (!isLive(facts)) return skipped(rule, neverLive);
  return checkResponse(rule, facts.ready, facts.logs, options);
}

function checkResponse(
  rule: FactWithRemedy,
  response: ServiceResponse | undefined,
  logs: string,
  { timeout }: SmokeTestOptions,
): Check {
  if (response?.outcome === 'ok') return passed(rule, `after ${response.afterMs} ms`);
  const problem =
    response?.outcome === 'ended'
      ? `it ended with code ${response.code} after ${response.afterMs} ms`
      : `${response?.last ?? 'no response'}, for ${timeout} s`;
  const lines = lastLines({ code: 1, stdout: logs, stderr: '' }, 8).split('\n').filter(Boolean);
  return failed(rule, problem, ...lines.map((line) => `  ${line.slice(0, 300)}`));
}

function checkHealthCheck({ live, healthCheck }: SmokeTestFacts): Check {
  const rule = {
    id: 'health-check-runs',
    fact: 'passes its own health check',
    remedy: 'run the command of HEALTHCHECK in the container: it must exit with 0',
  };
  if (!isLive({ live })) return skipped(rule, neverLive);
  if (!healthCheck) return skipped(rule, 'the image has none');
  if (healthCheck.code === 0) return passed(rule);
  return failed(rule, lastLines(healthCheck, 3) || `it ended with code ${healthCheck.code}`);
}

/** https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function checkProcess(
  { processStatus }: SmokeTestFacts,
  { run }: RunnableImage,
  lacks: string | undefined,
): Check {
  const rule = {
    id: 'runs-as',
    fact: 'always runs as its user',
    remedy: 'set the user with USER; no program of the image may change it',
  };
  const ids = /^Uid:\s+([\d\s]+)$/m
    .exec(processStatus ?? '')?.[1]
    ?.trim()
    .split(/\s+/);
  if (!ids) return skipped(rule, lacks ? needsContainer : 'no program of the image can read it');
  const expected = (run.User ?? '0').split(':', 1);
  return ids.every((id) => expected.includes(id))
    ? passed(rule, `user ${ids[0]}`)
    : failed(rule, `its process runs as ${ids.join(', ')}; USER is ${expected[0]}`);
}

function checkReadOnly(facts: SmokeTestFacts, lacks: string | undefined): Check {
  const rule = {
    id: 'read-only',
    fact: 'works with a read-only root file system',
    remedy: 'write only to mounts, and logs to standard output',
  };
  if (lacks) return skipped(rule, needsContainer);
  const line = facts.logs.split('\n').find((each) => /EROFS|read-only file system/i.test(each));
  if (line) return failed(rule, line.slice(0, 300));
  return isLive(facts) ? passed(rule) : skipped(rule, neverLive);
}

function checkStart({ logs, refusal }: SmokeTestFacts): Check {
  const rule = {
    id: 'clean-start',
    fact: 'logs no stack trace',
    remedy:
      'report invalid configuration and unavailable dependencies in a message, without a stack trace',
  };
  if (refusal) return skipped(rule, neverLive);
  const trace = findStackTrace(logs);
  return trace === undefined ? passed(rule) : failed(rule, trace);
}

function checkStop({ stop, live }: SmokeTestFacts): Check {
  const rule = {
    id: 'stops',
    fact: 'exits with code 0 on its stop signal',
    remedy: 'handle SIGTERM: close the server and connections, then let the process end',
  };
  if (!stop) {
    return live?.outcome === 'ended'
      ? skipped(rule, 'it ended by itself')
      : skipped(rule, neverLive);
  }
  if (stop.killed) return failed(rule, `it had to be killed after ${stop.afterMs} ms`);
  if (stop.code !== 0) return failed(rule, `it ended with code ${stop.code}`);
  return passed(rule, `after ${stop.afterMs} ms`);
}

const isLive = ({ live }: Pick<SmokeTestFacts, 'live'>) => live?.outcome === 'ok';

const frame =
  /(^|\n|\\n)\s+at (async )?([^\n]+ \()?(file:\/\/|node:|\/|[\w.-]+\/)?[^\s()]*:\d+:\d+\)?/;

/** The line before the first stack frame in logs, as plain text or in JSON; undefined if there is none. */
export function findStackTrace(logs: string): string | undefined {
  const found = frame.exec(logs);
  if (!found) return undefined;
  const before = logs.slice(0, found.index).split('\n').at(-1) ?? '';
  return before.slice(0, 200) || found[0].trim();
}
