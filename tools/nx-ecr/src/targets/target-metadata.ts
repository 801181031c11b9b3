import { type TargetConfiguration } from '@nx/devkit';

type Metadata = NonNullable<TargetConfiguration['metadata']>;

/** What `nx show` and Nx Console say about an inferred target. */
export const targetMetadata = (
  target: string,
  description: string,
  options: Readonly<Record<string, unknown>>,
): Metadata => ({
  description,
  technologies: ['docker', 'ecr'],
  help: { command: `npx nx run <project>:${target} --help`, example: { options } },
});
