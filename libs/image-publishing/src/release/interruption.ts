import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `report` for a signal, prints its text and ends the process. Without a text the signal is ignored: the process is about
 * to end by itself.
 * @returns cancels that
 */
export type OnInterruption = (report: () => string | undefined) => () => void;

export const onSignal: OnInterruption = (report) => {
  const end = (signal: NodeJS.Signals) => {
    const text = report();
    if (text === undefined) return;
    process.stderr.write(`${signal}: ${text}\n`);
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of signals) process.on(signal, end);
  return () => signals.forEach((signal) => process.removeListener(signal, end));
};
