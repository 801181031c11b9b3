import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import * as z from 'zod';

/** The parts of a CloudFormation template that are needed of repositories and budgets. */
export const templateSchema = z.looseObject({
  Resources: z
    .record(
      z.string(),
      z.looseObject({
        Type: z.string(),
        Properties: z.record(z.string(), z.unknown()).default({}),
        /** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html */
        DeletionPolicy: z.string().default('Delete'),
      }),
    )
    .default({}),
});

export type Template = z.infer<typeof templateSchema>;

export const repositoryType = 'AWS::ECR::Repository';

/** A stack that `infra:synth` wrote. */
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

/**
 * The stacks of an environment that its manifest lists, and so none that an earlier synthesis left behind.
 *
 * @throws PipelineError NOT_SYNTHESIZED
 */
export async function readAssembly(
  workspaceRoot: string,
  environment: Environment,
): Promise<readonly SynthesizedStack[]> {
  const folder = `dist/infra/${environment}`;
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(path.join(workspaceRoot, folder, file), 'utf8'));
  try {
    const { artifacts } = manifestSchema.parse(await read('manifest.json'));
    const stacks = Object.entries(artifacts).filter(
      ([, { type }]) => type === 'aws:cloudformation:stack',
    );
    return await Promise.all(
      stacks.map(async ([id, { properties }]) => ({
        name: properties?.stackName ?? id,
        template: templateSchema.parse(
          await read(properties?.templateFile ?? `${id}.template.json`),
        ),
      })),
    );
  } catch (cause) {
    throw new PipelineError(
      'NOT_SYNTHESIZED',
      `Cannot read the synthesized stacks in ${folder}.\nFix: nx run infra:synth -c ${environment}`,
      { cause },
    );
  }
}
