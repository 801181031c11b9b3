import { validationError } from '../../query/query-error';
import { action, type QueryAction, type QueryResult } from '../../query/query-service';
import { type EngineDeps } from '../engine/engine-deps';
import { type ResourceHandlers } from '../resources/resource-handler';
import { type StackStore } from '../stacks/stack-store';
import { parseTemplate, type Template } from '../template/template';
import { validateTemplate } from '../template/validate-template';
import { templateSummaryInput } from './inputs';
import { requireStack } from './lookups';
import { requiredCapability, templateUrlError } from './prepare';

type SummaryInput = ReturnType<typeof templateSummaryInput.parse>;

export function templateActions({ store, handlers }: EngineDeps): Record<string, QueryAction> {
  return {
    GetTemplateSummary: action(templateSummaryInput, (input) => {
      const template = templateOf(input, store);
      const types = Object.values(template.Resources).map(({ Type }) => Type);
      return {
        ...described(template, 'ParameterType'),
        ResourceTypes: [...new Set(types)],
        ResourceIdentifierSummaries: identifiers(template, handlers),
        Version: template.AWSTemplateFormatVersion,
        Metadata: template.Metadata === undefined ? undefined : JSON.stringify(template.Metadata),
      };
    }),
    ValidateTemplate: action(templateSummaryInput, (input) => described(templateOf(input, store))),
  };
}

/** How the resources that can be imported are identified. */
function identifiers({ Resources }: Template, handlers: ResourceHandlers) {
  const types = [...new Set(Object.values(Resources).map(({ Type }) => Type))];
  return types.flatMap((type) => {
    const { read, nameProperty } = handlers(type);
    if (!read || nameProperty === undefined) return [];
    const ids = Object.keys(Resources).filter((id) => Resources[id]?.Type === type);
    return [{ ResourceType: type, LogicalResourceIds: ids, ResourceIdentifiers: [nameProperty] }];
  });
}

function templateOf(input: SummaryInput, store: StackStore): Template {
  if (input.TemplateURL !== undefined) throw templateUrlError();
  const body =
    input.TemplateBody ??
    (input.StackName === undefined
      ? undefined
      : requireStack(store, input.StackName, 'described').current.templateBody);
  if (body === undefined) throw validationError('StackName or TemplateBody must be specified.');
  const template = parseTemplate(body);
  validateTemplate(template);
  return template;
}

function described(template: Template, typeKey?: 'ParameterType'): NonNullable<QueryResult> {
  const capability = requiredCapability(template);
  return {
    Description: template.Description,
    Parameters: Object.entries(template.Parameters).map(([name, declaration]) => ({
      ParameterKey: name,
      DefaultValue: declaration.Default,
      NoEcho: declaration.NoEcho,
      Description: declaration.Description,
      ...(typeKey && { [typeKey]: declaration.Type }),
    })),
    Capabilities: capability === undefined ? [] : [capability],
    CapabilitiesReason: capability && 'The following resource(s) require capabilities: [AWS::IAM]',
  };
}
