import {
  CloudFormationClient,
  GetTemplateCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { type EcrTarget } from '@typerush/ecr-access';
import { type Environment } from '@typerush/image-registry';
import { parseDocument } from 'yaml';
import { repositoryType, type Template, templateSchema } from '../declared/read-assembly';
import { explainFailure } from '../explain-failure';

/** The names of the repositories that are deleted with a stack; none if the stack does not exist. @throws PipelineError */
export type RepositoriesToDelete = (stack: string) => Promise<readonly string[]>;

/** Looks in the template that the stack was deployed with, which may differ from what is declared now. */
export function repositoriesToDelete(
  target: EcrTarget,
  environment: Environment,
): RepositoriesToDelete {
  const client = new CloudFormationClient({ ...target });
  return async (stack) => {
    try {
      const template = await client.send(new GetTemplateCommand({ StackName: stack }));
      const ids = idsToDelete(parseTemplate(template.TemplateBody ?? ''));
      return ids.size > 0 ? await physicalNames(client, stack, ids) : [];
    } catch (error) {
      if (isNoSuchStack(error)) return [];
      throw explainFailure(error, {
        where: target.endpoint ?? 'AWS CloudFormation',
        environment,
        operation: 'GetTemplate or ListStackResources',
      });
    }
  };
}

async function physicalNames(
  client: CloudFormationClient,
  stack: string,
  ids: ReadonlySet<string>,
): Promise<string[]> {
  const names: string[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
    for (const { LogicalResourceId = '', PhysicalResourceId } of page.StackResourceSummaries ??
      []) {
      if (PhysicalResourceId && ids.has(LogicalResourceId)) names.push(PhysicalResourceId);
    }
  }
  return names;
}

/** The CDK deploys YAML, others JSON, which YAML includes. A short form such as `!Ref` is read as its argument. */
export function parseTemplate(body: string): Template {
  return templateSchema.parse(parseDocument(body, { schema: 'core', logLevel: 'silent' }).toJS());
}

/** The logical ids of the repositories that CloudFormation deletes with the stack. */
export function idsToDelete({ Resources }: Template): ReadonlySet<string> {
  const repositories = Object.entries(Resources).filter(
    ([, { Type, DeletionPolicy }]) => Type === repositoryType && DeletionPolicy === 'Delete',
  );
  return new Set(repositories.map(([id]) => id));
}

const isNoSuchStack = (error: unknown) =>
  error instanceof Error &&
  error.name === 'ValidationError' &&
  /does not exist/.test(error.message);
