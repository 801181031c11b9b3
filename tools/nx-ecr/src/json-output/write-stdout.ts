/**
 * Writes to standard output, and waits until all of it is on its way: Nx ends the process as soon as an executor is done.
 * A reader that has gone away, such as `head`, has what it wants.
 */
export function writeStdout(
  text: string,
  stdout: NodeJS.WritableStream = process.stdout,
): Promise<void> {
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
