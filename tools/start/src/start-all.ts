import { Listr } from 'listr2';
import { type StartOptions } from './options';
import { requireFreePorts } from './ports';
import { planPrograms } from './programs';
import { collectReport, describeReport } from './report';
import { type Stack } from './stack';

/** `npm start`. A failure is thrown; the caller stops the stack. @returns the report to print */
export async function startAll(root: string, options: StartOptions, stack: Stack): Promise<string> {
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

  const report = await collectReport(root, registry, services);
  return options.json ? `${JSON.stringify(report)}\n` : describeReport(report);
}
