import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { z } from 'zod';
import { PipelineError } from '@typerush/pipeline-context';
import { type Template, templateSchema } from './template';

/** A stack as `infra:synth` wrote it. */
export interface SynthesizedStack {
  readonly name: string;
  readonly template: Template;
}

/** https://docs.aws.amazon.com/cdk/api/v2/docs/@aws-cdk_cloud-assembly-schema.AssemblyManifest.html */
const manifestSchema = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      properties: z
        .looseObject({ templateFile: z.string().optional(), stackName: z.string().optional() })
        .optional(),
    }),
  ),
});

/** Where `infra:synth` writes, relative to the workspace's root. */
export const assemblyFolder = (environment: Environment) =>
  path.posix.join('dist/infra', environment);

/**
 * The stacks of an environment, as its manifest lists them: a template that an earlier synthesis left behind is not one.
 *
 * @throws PipelineError NOT_SYNTHESIZED
 */
export async function readAssembly(
  workspaceRoot: string,
  environment: Environment,
): Promise<readonly SynthesizedStack[]> {
  const folder = path.join(workspaceRoot, assemblyFolder(environment));
  try {
    const { artifacts } = manifestSchema.parse(await readJson(path.join(folder, 'manifest.json')));
    const stacks = Object.entries(artifacts).filter(
      ([, { type }]) => type === 'aws:cloudformation:stack',
    );
    return await Promise.all(
      stacks.map(async ([id, { properties }]) => {
        const file = properties?.templateFile ?? `${id}.template.json`;
        const template = templateSchema.parse(await readJson(path.join(folder, file)));
        return { name: properties?.stackName ?? id, template };
      }),
    );
  } catch (cause) {
    throw new PipelineError(
      'NOT_SYNTHESIZED',
      `${assemblyFolder(environment)} holds no stacks that can be read. Write them: nx run infra:synth -c ${environment}`,
      { cause },
    );
  }
}

const readJson = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));
