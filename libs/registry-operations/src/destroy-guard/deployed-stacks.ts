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

/** Stacks as they were deployed, which may differ from what is declared now. */
export interface DeployedStacks {
  /** The names of the repositories that are deleted with the stack; none if the stack does not exist. @throws PipelineError */
  repositoriesToDelete(stack: string): Promise<readonly string[]>;
}

/** Stacks of CloudFormation, or of a server with the same API at the endpoint of the target. */
export class CloudFormationStacks implements DeployedStacks {
  private readonly client: CloudFormationClient;

  constructor(
    private readonly target: EcrTarget,
    private readonly environment: Environment,
  ) {
    this.client = new CloudFormationClient({ ...target });
  }

  async repositoriesToDelete(stack: string): Promise<readonly string[]> {
    try {
      const { TemplateBody = '' } = await this.client.send(
        new GetTemplateCommand({ StackName: stack }),
      );
      const ids = idsToDelete(parseTemplate(TemplateBody));
      return ids.size > 0 ? await this.physicalNames(stack, ids) : [];
    } catch (error) {
      if (isNoSuchStack(error)) return [];
      throw explainFailure(error, {
        where: this.target.endpoint ?? 'AWS CloudFormation',
        environment: this.environment,
        operation: 'GetTemplate or ListStackResources',
      });
    }
  }

  private async physicalNames(stack: string, ids: ReadonlySet<string>): Promise<string[]> {
    const names: string[] = [];
    const pages = paginateListStackResources({ client: this.client }, { StackName: stack });
    for await (const { StackResourceSummaries = [] } of pages) {
      for (const { LogicalResourceId = '', PhysicalResourceId } of StackResourceSummaries) {
        if (PhysicalResourceId && ids.has(LogicalResourceId)) names.push(PhysicalResourceId);
      }
    }
    return names;
  }
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
