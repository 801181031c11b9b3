import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Has `undo` run when the process ends, on Ctrl-C too; it has to do its work without waiting.
 * @returns takes that back
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
