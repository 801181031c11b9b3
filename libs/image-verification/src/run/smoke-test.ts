import { setTimeout as wait } from 'node:timers/promises';
import { hasBundle, loadModules } from './load-modules';
import { applyRules, type Check } from '../check';
import {
  ImageRefused,
  type ImageRunner,
  type RunnableImage,
  type RunningImage,
} from './image-runner';
import {
  type ServiceResponse,
  type SmokeTestFacts,
  type SmokeTestOptions,
  smokeTestRules,
} from './smoke-test-rules';

export interface SmokeTest {
  readonly checks: readonly Check[];
  /** Milliseconds since its program was started; undefined if it was not reached. */
  readonly coldStart: { readonly liveMs?: number; readonly readyMs?: number };
}

/** Runs an image and checks how it behaves. @throws RunnerFailure */
export async function runSmokeTest(
  runner: ImageRunner,
  image: RunnableImage,
  options: SmokeTestOptions,
): Promise<SmokeTest> {
  let running: RunningImage | undefined;
  let facts: SmokeTestFacts;
  try {
    running = await runner.start(image);
    facts = await observe(running, image, options);
  } catch (error) {
    if (!(error instanceof ImageRefused)) throw error;
    facts = { refusal: error.message, logs: '' };
  } finally {
    running?.remove();
  }
  return {
    checks: await applyRules(smokeTestRules(image.port, options), {
      ...facts,
      user: image.run.User ?? undefined,
      lacks: runner.lacks,
    }),
    coldStart: { liveMs: msOf(facts.live), readyMs: msOf(facts.ready) },
  };
}

async function observe(
  running: RunningImage,
  image: RunnableImage,
  { health, ready, timeout, stopSeconds }: SmokeTestOptions,
): Promise<SmokeTestFacts> {
  const deadline = Date.now() + timeout * 1_000;
  const live = await waitForOk(running, health, deadline);
  if (live.outcome === 'ended') return { live, logs: await running.logs() };
  const test = image.run.Healthcheck?.Test ?? [];
  const isLive = live.outcome === 'ok';
  const facts = {
    live,
    ready: isLive && ready ? await waitForOk(running, ready, deadline) : undefined,
    healthCheck: isLive && test.length > 1 ? await running.run(test) : undefined,
    modules: isLive && hasBundle(image) ? await running.run(loadModules(image)) : undefined,
    processStatus: await running.processStatus(),
  };
  const signalled = Date.now();
  const { killed } = await running.stop(stopSeconds);
  const stop = { killed, code: await running.ended, afterMs: Date.now() - signalled };
  return { ...facts, stop, logs: await running.logs() };
}

const msOf = (response: ServiceResponse | undefined) =>
  response?.outcome === 'ok' ? response.afterMs : undefined;

const pollMs = 20;
/** A published port accepts requests before the service listens, and may never respond to them. */
const firstRequestMs = 100;
const longestRequestMs = 5_000;

/** Requests a path until it responds with 200, the program ends or the time is up. */
async function waitForOk(
  running: RunningImage,
  path: string,
  deadline: number,
): Promise<ServiceResponse> {
  let code: number | undefined;
  void running.ended.then((ended) => (code = ended));
  for (let timeout = firstRequestMs; ;) {
    const last = await request(running.url + path, timeout);
    const afterMs = Date.now() - running.startedAt;
    if (last === ok) return { outcome: 'ok', afterMs };
    if (code !== undefined) return { outcome: 'ended', code, afterMs };
    if (Date.now() >= deadline) return { outcome: 'late', last };
    if (last === late) timeout = Math.min(timeout * 2, longestRequestMs);
    await wait(pollMs);
  }
}

const ok = 'status 200';
const late = 'no response in time';

async function request(url: string, milliseconds: number): Promise<string> {
  const signal = AbortSignal.timeout(milliseconds);
  try {
    const response = await fetch(url, { redirect: 'manual', signal });
    await response.arrayBuffer();
    return `status ${response.status}`;
  } catch {
    return signal.aborted ? late : 'no connection';
  }
}
