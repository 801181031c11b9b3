import { type ImageConfig } from '@typerush/image-registry';

export interface NextSteps {
  readonly project: string;
  readonly root: string;
  readonly bundling: string;
  readonly config: Pick<ImageConfig, 'repository' | 'port' | 'health'>;
  readonly hasLockFile: boolean;
  readonly readsPort: boolean;
  readonly healthKnown: boolean;
  readonly loopback: boolean;
  readonly handlesStopSignal: boolean;
}

/** What to check, and what to run next. */
export function nextSteps(steps: NextSteps): string {
  const { project, root, bundling, config } = steps;
  const notes = [
    !steps.healthKnown &&
      `No health route found: ${root}/image.json sets "${config.health}", which has to respond with 200 while the app is alive.`,
    !steps.readsPort &&
      `The app does not read PORT: it has to listen on ${config.port}, the port in ${root}/image.json.`,
    steps.loopback &&
      'The app listens only on loopback, which is unreachable from outside a container. Listen on process.env.HOST, which the image sets.',
    !steps.handlesStopSignal &&
      "No handler of SIGTERM found: a container without one is killed after its stop timeout, with the requests that it serves. Add one: process.on('SIGTERM', () => server.close()), with Nest app.enableShutdownHooks().",
    !steps.hasLockFile &&
      'The workspace has no lock file: the engines docker and podman need one, the engine oci does not.',
    bundling !== 'build' &&
      `The app keeps its own target build; target "${bundling}" bundles it for its image.`,
  ].filter((note) => note !== false);
  return [
    '',
    `${root}/image.json: port ${config.port}, health ${config.health}, repository ${config.repository}`,
    ...(notes.length > 0 ? ['', 'Check:', ...notes.map((note) => `  ${note}`)] : []),
    '',
    'Next:',
    `  nx run ${project}:docker-build             build the image into dist/images/${project}`,
    `  nx run ${project}:docker-push --dry-run    print what would be pushed`,
    `  nx run ${project}:docker-push              push to the repository of dev`,
    '',
  ].join('\n');
}
