import {
  CloudFormationClient,
  GetTemplateCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { type Environment } from '@typerush/image-registry';
import { parseDocument } from 'yaml';
import { type EcrTarget } from '@typerush/ecr-access';
import { repositoryType, type Template, templateSchema } from '../declared/template';
import { explainOperationFailure } from '../explain-failure';

/** Stacks as they were deployed, whatever is declared by now. */
export interface DeployedStacks {
  /** The repositories that go when the stack goes; none where there is no such stack. @throws PipelineError */
  doomedRepositories(stack: string): Promise<readonly string[]>;
}

/** Stacks of CloudFormation, or of whatever speaks its API at the target's endpoint. */
export class CloudFormationStacks implements DeployedStacks {
  private readonly client: CloudFormationClient;

  constructor(
    private readonly target: EcrTarget,
    private readonly environment: Environment,
  ) {
    this.client = new CloudFormationClient({ ...target });
  }

  async doomedRepositories(stack: string): Promise<readonly string[]> {
    try {
      const { TemplateBody = '' } = await this.client.send(
        new GetTemplateCommand({ StackName: stack }),
      );
      const ids = idsToDelete(parseTemplate(TemplateBody));
      return ids.size > 0 ? await this.physicalNames(stack, ids) : [];
    } catch (error) {
      if (isNoSuchStack(error)) return [];
      const { environment, target } = this;
      const where = target.endpoint ?? 'AWS CloudFormation';
      throw explainOperationFailure(error, {
        where,
        environment,
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

/** The CDK deploys YAML, others JSON, which YAML includes; a short form such as `!Ref` comes out as its argument. */
export function parseTemplate(body: string): Template {
  return templateSchema.parse(parseDocument(body, { schema: 'core', logLevel: 'silent' }).toJS());
}

/** The logical ids of the repositories that CloudFormation deletes with the stack. */
export function idsToDelete({ Resources }: Template): ReadonlySet<string> {
  const doomed = Object.entries(Resources).filter(
    ([, { Type, DeletionPolicy }]) => Type === repositoryType && DeletionPolicy === 'Delete',
  );
  return new Set(doomed.map(([id]) => id));
}

const isNoSuchStack = (error: unknown) =>
  error instanceof Error &&
  error.name === 'ValidationError' &&
  /does not exist/.test(error.message);
