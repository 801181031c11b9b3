import { type TargetConfiguration } from '@nx/devkit';
import { imageFile } from '@typerush/image-registry';
import { lockFileOf } from '@typerush/image-build';
import { name as packageName } from '../../package.json';
import { type PluginOptions } from '../plugin-options';

interface Inferred extends Omit<TargetConfiguration, 'metadata'> {
  /** What `nx show` and Nx Console say about the target. */
  readonly description: string;
  /** Options that are worth to be known. */
  readonly example: Readonly<Record<string, unknown>>;
}

/** A target of the executor of the same name. It is not cached: most results depend on a registry or on this machine. */
export const inferredTarget = (
  name: string,
  { description, example, ...configuration }: Inferred,
): TargetConfiguration => ({
  executor: `${packageName}:${name}`,
  metadata: {
    description,
    technologies: ['docker', 'ecr'],
    help: { command: `npx nx run <project>:${name} --help`, example: { options: example } },
  },
  cache: false,
  options: {},
  ...configuration,
});

/** Inputs of an image besides the bundle. A change to one of the workspace files affects every image project. */
export const imageInputs = ({ dockerfile }: PluginOptions) => [
  'production',
  '^production',
  `{projectRoot}/${imageFile}`,
  `{workspaceRoot}/${dockerfile}`,
  // May not exist.
  `{workspaceRoot}/${lockFileOf(dockerfile)}`,
  '{workspaceRoot}/.dockerignore',
  '{workspaceRoot}/package.json',
  '{workspaceRoot}/package-lock.json',
  '{workspaceRoot}/registry.json',
];
