type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;

/** Reports to a person what a command does. */
export interface ProgressReporter {
  /** A step that is only of interest while it runs: printed to a terminal, and nowhere else. */
  progress(line: string): void;
  /** A fact that affects the result: always printed. */
  note(line: string): void;
}

/** Reports on standard error, so that standard output is left to results. */
export function reportProgressTo(stream: Stream): ProgressReporter {
  const print = (line: string) => void stream.write(`${line}\n`);
  return { note: print, progress: stream.isTTY ? print : () => undefined };
}
