import { setTimeout as wait } from 'node:timers/promises';
import { type RunningImage } from './image-runner';

export type Answer =
  | { readonly outcome: 'answered'; readonly afterMs: number }
  | { readonly outcome: 'ended'; readonly code: number; readonly afterMs: number }
  | { readonly outcome: 'late'; readonly last: string };

const pollMs = 20;
/** A published port takes requests before anything listens behind it, and may never answer them. */
const firstRequestMs = 100;
const longestRequestMs = 5_000;

/** Asks a path until it answers 200, the program ends, or the time is up. */
export async function waitForAnswer(
  running: RunningImage,
  path: string,
  deadline: number,
): Promise<Answer> {
  let code: number | undefined;
  void running.ended.then((ended) => (code = ended));
  for (let patience = firstRequestMs; ;) {
    const last = await ask(running.url + path, patience);
    const afterMs = Date.now() - running.startedAt;
    if (last === ok) return { outcome: 'answered', afterMs };
    if (code !== undefined) return { outcome: 'ended', code, afterMs };
    if (Date.now() >= deadline) return { outcome: 'late', last };
    if (last === late) patience = Math.min(patience * 2, longestRequestMs);
    await wait(pollMs);
  }
}

const ok = 'status 200';
const late = 'no answer in time';

async function ask(url: string, milliseconds: number): Promise<string> {
  const signal = AbortSignal.timeout(milliseconds);
  try {
    const response = await fetch(url, { redirect: 'manual', signal });
    await response.arrayBuffer();
    return `status ${response.status}`;
  } catch {
    return signal.aborted ? late : 'no connection';
  }
}
