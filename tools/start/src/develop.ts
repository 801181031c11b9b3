import { Listr } from 'listr2';
import pc from 'picocolors';
import { type StartOptions } from './options';
import { requireFreePorts } from './ports';
import { planDevelopment } from './programs';
import { type Stack } from './stack';

/** `npm run dev`. A failure is thrown; the caller stops the stack. @returns the report to print */
export async function develop(_root: string, options: StartOptions, stack: Stack): Promise<string> {
  const { services, page } = planDevelopment(options);
  const programs = [...services, page];
  await requireFreePorts(programs);
  await new Listr(
    programs.map((program) => ({
      title: `Start ${program.name}`,
      task: () => stack.run(program),
    })),
    {
      renderer: options.json ? 'silent' : 'default',
      // The error itself is printed once, by main.
      rendererOptions: { showErrorMessage: false },
    },
  ).run();
  const url = ({ port }: { port: number }) => `http://127.0.0.1:${port}`;
  if (options.json) {
    const addresses = services.map((service) => ({ name: service.name, url: url(service) }));
    return `${JSON.stringify({ page: url(page), services: addresses })}\n`;
  }
  return [
    '',
    `Play at ${pc.bold(pc.cyan(url(page)))}`,
    '',
    ...services.map((service) => `${pc.bold(service.name)}  ${url(service)}`),
    '',
    'The page and the services reload after a change. Ctrl-C stops everything. Logs are in dist/dev.',
    '',
  ].join('\n');
}
