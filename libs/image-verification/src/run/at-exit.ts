import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `undo` when the process ends, also by a signal. It must be synchronous.
 * @returns cancels that
 */
export function atExit(undo: () => void): () => void {
  const end = (signal: NodeJS.Signals) => process.exit(128 + constants.signals[signal]);
  process.once('exit', undo);
  for (const signal of signals) process.once(signal, end);
  return () => {
    process.removeListener('exit', undo);
    for (const signal of signals) process.removeListener(signal, end);
  };
}
