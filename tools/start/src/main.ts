import pc from 'picocolors';
import { resolve } from 'node:path';
import { Listr } from 'listr2';
import { readOptions, type StartOptions, usage } from './options';
import { collectReport, describeReport, type Report } from './report';
import { Stack } from './stack';
import { StartError } from './start-error';
import { requireFreePorts } from './ports';
import { planPrograms } from './programs';

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

/** The steps in order. A failure is thrown; the caller stops the stack. */
async function start(root: string, options: StartOptions, stack: Stack): Promise<Report> {
  const { registry, services } = planPrograms(options);
  await requireFreePorts([registry, ...services]);
  const local = { ECR_LOCAL_PORT: String(options.ECR_LOCAL_PORT) };
  const projects = services.map(({ name }) => name).join(',');

  await new Listr(
    [
      {
        title: 'Bundle the services and the local ECR',
        task: () => stack.nx('build', ['run-many', '-t', 'build', '-p', `ecr-local,${projects}`]),
      },
      { title: 'Start the local ECR', task: () => stack.run(registry) },
      {
        title: 'Deploy the repositories',
        task: () => stack.nx('deploy', ['run', 'infra:deploy:local'], local),
      },
      {
        // The oci engine, so that the images contain the same bundles that run below.
        title: 'Build, tag and push the images',
        task: () =>
          stack.nx(
            'push',
            ['run-many', '-t', 'docker-push', '-c', 'local', '--engine=oci', '-p', projects],
            local,
          ),
      },
      {
        title: 'Start the services',
        task: async () => {
          for (const service of services) await stack.run(service);
        },
      },
    ],
    {
      renderer: options.json ? 'silent' : 'default',
      // The error itself is printed once, by main.
      rendererOptions: { showErrorMessage: false },
    },
  ).run();

  return collectReport(root, registry, services);
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
