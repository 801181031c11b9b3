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
}

/** What to look at, and what to run next. */
export function nextSteps(steps: NextSteps): string {
  const { project, root, bundling, config } = steps;
  const notes = [
    !steps.healthKnown &&
      `No health route was found: ${root}/image.json says "${config.health}". It has to answer 200 while the app is alive.`,
    !steps.readsPort &&
      `The app does not read PORT: it has to listen on ${config.port}, as ${root}/image.json says.`,
    steps.loopback &&
      'The app listens on loopback alone: in a container nobody reaches it. Listen on process.env.HOST, which the image sets.',
    !steps.hasLockFile &&
      'There is no package-lock.json: the engines docker and podman need one. The engine oci does not.',
    bundling !== 'build' &&
      `The app keeps its own target build; "${bundling}" bundles it for its image.`,
  ].filter((note) => note !== false);
  return [
    '',
    `${root}/image.json: port ${config.port}, health ${config.health}, repository ${config.repository}`,
    ...(notes.length > 0 ? ['', 'Look at:', ...notes.map((note) => `  ${note}`)] : []),
    '',
    'Next:',
    `  nx run ${project}:docker-build             the image, in dist/images/${project}`,
    `  nx run ${project}:docker-push --dry-run    what would be pushed`,
    `  nx run ${project}:docker-push              to the repository of dev`,
    '',
  ].join('\n');
}
