import { type Check } from '../check';
import {
  ImageRefused,
  type ImageRunner,
  type RunnableImage,
  type RunningImage,
} from './image-runner';
import { trialChecks, type TrialFacts } from './trial-checks';
import { type Answer, waitForAnswer } from './wait-for-answer';

export interface TrialOptions {
  /** The path that answers 200 while the service is alive. */
  readonly health: string;
  /** The path that answers 200 once it can serve; not asked where it is not known. */
  readonly ready?: string;
  /** Seconds until it has to be alive and ready. */
  readonly timeout: number;
  /** Seconds until it has to have ended. */
  readonly stopSeconds: number;
}

export interface Trial {
  readonly checks: readonly Check[];
  /** Milliseconds since its program was started; undefined where it never came to that. */
  readonly coldStart: { readonly liveMs?: number; readonly readyMs?: number };
}

/** Runs an image and looks at how it does. @throws RunnerFailure */
export async function tryImage(
  runner: ImageRunner,
  image: RunnableImage,
  options: TrialOptions,
): Promise<Trial> {
  let running: RunningImage | undefined;
  try {
    running = await runner.start(image);
    const facts = await observe(running, image, options);
    return {
      checks: trialChecks(facts, image, options, runner.lacks),
      coldStart: { liveMs: msOf(facts.live), readyMs: msOf(facts.ready) },
    };
  } catch (error) {
    if (!(error instanceof ImageRefused)) throw error;
    const facts: TrialFacts = { refusal: error.message, logs: '' };
    return { checks: trialChecks(facts, image, options, runner.lacks), coldStart: {} };
  } finally {
    running?.remove();
  }
}

async function observe(
  running: RunningImage,
  { run }: RunnableImage,
  { health, ready, timeout, stopSeconds }: TrialOptions,
): Promise<TrialFacts> {
  const deadline = Date.now() + timeout * 1_000;
  const live = await waitForAnswer(running, health, deadline);
  if (live.outcome === 'ended') return { live, logs: await running.logs() };
  const test = run.Healthcheck?.Test ?? [];
  const isLive = live.outcome === 'answered';
  const facts = {
    live,
    ready: isLive && ready ? await waitForAnswer(running, ready, deadline) : undefined,
    healthCheck: isLive && test.length > 1 ? await running.healthCheck(test) : undefined,
    processStatus: await running.processStatus(),
  };
  const asked = Date.now();
  const { killed } = await running.stop(stopSeconds);
  const stop = { killed, code: await running.ended, afterMs: Date.now() - asked };
  return { ...facts, stop, logs: await running.logs() };
}

const msOf = (answer: Answer | undefined) =>
  answer?.outcome === 'answered' ? answer.afterMs : undefined;
