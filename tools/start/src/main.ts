import pc from 'picocolors';
import { resolve } from 'node:path';
import { develop } from './develop';
import { readOptions, usage } from './options';
import { startAll } from './start-all';
import { Stack } from './stack';
import { StartError } from './start-error';

const root = resolve(__dirname, '../../..');

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const logFolder = options.dev ? 'dist/dev' : 'dist/start';
  const stack = new Stack(root, process.env, logFolder);
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      interrupted = true;
      void stack.stop();
    });
  }
  try {
    process.stdout.write(await (options.dev ? develop : startAll)(root, options, stack));
    const name = await stack.firstToEnd();
    if (interrupted) return 0;
    throw new StartError('NOT_READY', `${name} ended; its output is in ${logFolder}/${name}.log.`);
  } catch (error) {
    if (interrupted) return 130;
    throw error;
  } finally {
    await stack.stop();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const text = error instanceof StartError ? error.message : ((error as Error).stack ?? error);
    process.stderr.write(`${pc.red('error')} ${text}\n`);
    process.exitCode = 1;
  },
);
