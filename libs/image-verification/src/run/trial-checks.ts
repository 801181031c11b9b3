import { lastLines, type CommandResult } from '@typerush/child-process';
import { type Check, failed, passed, skipped } from '../check';
import { type RunnableImage } from './image-runner';
import { findStackTrace } from './stack-trace';
import { type TrialOptions } from './try-image';
import { type Answer } from './wait-for-answer';

/** What was seen of an image at work; what it did not come to is undefined. */
export interface TrialFacts {
  /** Why its program could not even be started. */
  readonly refusal?: string;
  readonly live?: Answer;
  readonly ready?: Answer;
  readonly healthCheck?: CommandResult;
  readonly processStatus?: string;
  readonly stop?: { readonly killed: boolean; readonly code: number; readonly afterMs: number };
  readonly logs: string;
}

const neverLive = 'it never answered';
const inContainer = 'only a container shows it';

export function trialChecks(
  facts: TrialFacts,
  image: RunnableImage,
  options: TrialOptions,
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

function checkLive(facts: TrialFacts, { port }: RunnableImage, options: TrialOptions): Check {
  const rule = {
    id: 'live',
    fact: `answers 200 at ${options.health} on port ${port}`,
    remedy:
      'make it listen on 0.0.0.0 and its port, and give it what it needs to start: verify.env in image.json',
  };
  if (facts.refusal) return failed(rule, facts.refusal);
  return checkAnswer(rule, facts.live, facts.logs, options);
}

function checkReady(facts: TrialFacts, path: string, options: TrialOptions): Check {
  const rule = {
    id: 'ready',
    fact: `is ready: answers 200 at ${path}`,
    remedy:
      'see what it waits for; leave verify.ready out of image.json where that is not in the image',
  };
  if (!isLive(facts)) return skipped(rule, neverLive);
  return checkAnswer(rule, facts.ready, facts.logs, options);
}

function checkAnswer(
  rule: Parameters<typeof failed>[0],
  answer: Answer | undefined,
  logs: string,
  { timeout }: TrialOptions,
): Check {
  if (answer?.outcome === 'answered') return passed(rule, `after ${answer.afterMs} ms`);
  const what =
    answer?.outcome === 'ended'
      ? `it ended with code ${answer.code} after ${answer.afterMs} ms`
      : `${answer?.last ?? 'no answer'}, for ${timeout} s`;
  const said = lastLines({ code: 1, stdout: logs, stderr: '' }, 8).split('\n').filter(Boolean);
  return failed(rule, what, ...said.map((line) => `  ${line.slice(0, 300)}`));
}

function checkHealthCheck({ live, healthCheck }: TrialFacts): Check {
  const rule = {
    id: 'health-check-runs',
    fact: 'passes its own health check',
    remedy: 'run the command of HEALTHCHECK in the container: it has to end with 0',
  };
  if (!isLive({ live })) return skipped(rule, neverLive);
  if (!healthCheck) return skipped(rule, 'the image has none');
  if (healthCheck.code === 0) return passed(rule);
  return failed(rule, lastLines(healthCheck, 3) || `it ended with code ${healthCheck.code}`);
}

/** https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function checkProcess(
  { processStatus }: TrialFacts,
  { run }: RunnableImage,
  lacks: string | undefined,
): Check {
  const rule = {
    id: 'runs-as',
    fact: 'runs as its user all the time',
    remedy: 'leave the user to USER: no program of the image needs to change it',
  };
  const ids = /^Uid:\s+([\d\s]+)$/m
    .exec(processStatus ?? '')?.[1]
    ?.trim()
    .split(/\s+/);
  if (!ids) return skipped(rule, lacks ? inContainer : 'nothing in the image could tell it');
  const wanted = (run.User ?? '0').split(':', 1);
  return ids.every((id) => wanted.includes(id))
    ? passed(rule, `user ${ids[0]}`)
    : failed(rule, `its process runs as ${ids.join(', ')}; USER is ${wanted[0]}`);
}

function checkReadOnly(facts: TrialFacts, lacks: string | undefined): Check {
  const rule = {
    id: 'read-only',
    fact: 'works with a read-only root file system',
    remedy: 'write to nothing but mounts, or to none: logs go to standard output',
  };
  if (lacks) return skipped(rule, inContainer);
  const line = facts.logs.split('\n').find((each) => /EROFS|read-only file system/i.test(each));
  if (line) return failed(rule, line.slice(0, 300));
  return isLive(facts) ? passed(rule) : skipped(rule, neverLive);
}

function checkStart({ logs, refusal }: TrialFacts): Check {
  const rule = {
    id: 'clean-start',
    fact: 'logs no stack trace',
    remedy: 'tell a mistake of the configuration or a missing neighbour in words, without a stack',
  };
  if (refusal) return skipped(rule, neverLive);
  const trace = findStackTrace(logs);
  return trace === undefined ? passed(rule) : failed(rule, trace);
}

function checkStop({ stop, live }: TrialFacts): Check {
  const rule = {
    id: 'stops',
    fact: 'ends with code 0 when it is told to stop',
    remedy: 'handle SIGTERM: close the server and the rest, then let the process end',
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

const isLive = ({ live }: Pick<TrialFacts, 'live'>) => live?.outcome === 'answered';
