import { once } from 'node:events';
import { constants } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { type Environment } from '@typerush/image-registry';
import { type PipelineEnvironment, PipelineError } from '@typerush/pipeline-context';

/** Prompts a person; undefined if there is no terminal to prompt on. */
export type Prompt = (question: string) => Promise<boolean | undefined>;

interface Confirmation {
  /** `docker-promote` */
  readonly command: string;
  readonly environment: Environment;
  /** The change, as a sentence without a period. */
  readonly change: string;
  readonly yes: boolean;
}

/** A change of prod needs a confirmation. @throws PipelineError `CONFIRMATION_NEEDED` */
export async function requireConfirmation(
  { command, environment, change, yes }: Confirmation,
  prompt: Prompt,
): Promise<void> {
  if (environment !== 'prod' || yes) return;
  const confirmed = await prompt(`${change}. Continue?`);
  if (confirmed) return;
  const why = confirmed === undefined ? ', and there is no terminal to prompt on' : '';
  throw new PipelineError(
    'CONFIRMATION_NEEDED',
    `${command} needs confirmation: ${change}${why}.\nNothing was changed.\nFix: pass --yes.`,
  );
}

/** Prompts on standard error, since standard output is for results; not in CI, where a terminal may be emulated. */
export const terminalPrompt =
  ({ variables }: Pick<PipelineEnvironment, 'variables'>): Prompt =>
  async (question) => {
    const { stdin, stderr } = process;
    if (!stdin.isTTY || !stderr.isTTY || variables['CI']) return undefined;
    const terminal = createInterface({ input: stdin, output: stderr });
    try {
      // Ctrl-C and the end of the input close it without an answer.
      const closed = once(terminal, 'close').then(() => '');
      const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
      return /^y(es)?$/i.test(answer.trim());
    } finally {
      terminal.close();
    }
  };

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
