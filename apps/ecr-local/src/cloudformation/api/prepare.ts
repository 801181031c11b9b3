import { QueryError, validationError } from '../../query/query-error';
import { type DesiredState } from '../engine/deploy-stack';
import { type StackParameter, type StackRecord } from '../stacks/stack-record';
import { parameterValues } from '../template/parameters';
import { parseTemplate, type Template } from '../template/template';
import { validateTemplate } from '../template/validate-template';
import { type Preparation } from './inputs';

/** The one template a request names: given inline, or the stack's own. */
function templateBodyOf(input: Preparation, stack: StackRecord | undefined): string {
  if (input.TemplateURL !== undefined) throw templateUrlError();
  if (input.UsePreviousTemplate) {
    if (!stack) throw validationError('UsePreviousTemplate needs a stack that exists.');
    return stack.current.templateBody;
  }
  if (input.TemplateBody === undefined) {
    throw validationError('Either Template URL or Template Body must be specified.');
  }
  return input.TemplateBody;
}

export const templateUrlError = () =>
  validationError(
    'TemplateURL is not emulated: there is no S3 here. Send the template inline (TemplateBody, at most 51200 bytes); ' +
      'for the CDK, use BootstraplessSynthesizer.',
  );

/** Checks all that can be checked before anything happens. */
export function prepare(input: Preparation, stack: StackRecord | undefined): DesiredState {
  const templateBody = templateBodyOf(input, stack);
  const template = parseTemplate(templateBody);
  validateTemplate(template);
  requireCapabilities(template, input.Capabilities);
  const previous = Object.fromEntries(
    (stack?.current.parameters ?? []).map(({ key, value }) => [key, value]),
  );
  const values = parameterValues(template.Parameters, input.Parameters, previous);
  const parameters = Object.entries(values).map(([key, value]): StackParameter => ({
    key,
    value,
    noEcho: template.Parameters[key]?.NoEcho ?? false,
  }));
  return {
    templateBody,
    parameters,
    capabilities: input.Capabilities,
    tags: input.Tags ?? stack?.current.tags ?? [],
  };
}

const iamNames: Readonly<Record<string, string | undefined>> = {
  'AWS::IAM::AccessKey': undefined,
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Policy': undefined,
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::UserToGroupAddition': undefined,
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html */
export function requiredCapability(template: Template): string | undefined {
  const iam = Object.values(template.Resources).filter(({ Type }) => Object.hasOwn(iamNames, Type));
  if (iam.length === 0) return undefined;
  const named = iam.some(({ Type, Properties }) => {
    const name = iamNames[Type];
    return name !== undefined && Object.hasOwn(Properties, name);
  });
  return named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
}

function requireCapabilities(template: Template, given: readonly string[]): void {
  const required = requiredCapability(template);
  if (required === undefined || given.includes('CAPABILITY_NAMED_IAM') || given.includes(required))
    return;
  throw new QueryError(
    'InsufficientCapabilitiesException',
    `Requires capabilities : [${required}]`,
  );
}
