import { resolve } from 'node:path';
import pc from 'picocolors';
import { readOptions, usage } from './options';
import { describeReport } from './report';
import { Stack } from './stack';
import { start } from './start';
import { StartError } from './start-error';

const root = resolve(__dirname, '../../..');

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const stack = new Stack(root, process.env);
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      interrupted = true;
      void stack.stop();
    });
  }
  try {
    const report = await start(root, options, stack);
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : describeReport(report));
    const name = await stack.firstToEnd();
    if (interrupted) return 0;
    throw new StartError('NOT_READY', `${name} ended; its output is in dist/start/${name}.log.`);
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
