import path from 'node:path';
import { writeText } from '@typerush/pipeline-context';
import { type Report } from '@typerush/terminal-output';
import { type ResultOptions } from './shared-options';

/** Prints what a target found, and writes it to the output file if one is requested. */
export async function reportResult(
  { data, text }: Report,
  { json, outputFile }: ResultOptions,
  root: string,
): Promise<void> {
  const document = `${JSON.stringify(data)}\n`;
  if (outputFile) await writeText(path.resolve(root, outputFile), document);
  await print(json ? document : text);
}

/**
 * Writes to standard output and waits until all of it is written: Nx ends the process as soon as an executor has completed. A
 * reader that closed the pipe, such as `head`, is no error.
 */
export function print(text: string, stdout: NodeJS.WritableStream = process.stdout): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: NodeJS.ErrnoException | null) =>
      error && error.code !== 'EPIPE' ? reject(error) : resolve();
    stdout.once('error', settle);
    stdout.write(text, (error) => {
      if (!error) stdout.removeListener('error', settle);
      settle(error);
    });
  });
}
