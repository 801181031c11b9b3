import { once } from 'node:events';
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
