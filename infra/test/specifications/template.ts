import { Template } from 'aws-cdk-lib/assertions';
import { type Synthesis } from '../registry';

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

export interface TemplateJson {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** Templates by the name of their stack. */
export type Templates = Readonly<Record<string, TemplateJson>>;

export function templatesOf({ stacks }: Synthesis): Templates {
  return Object.fromEntries(
    Object.entries(stacks).map(([name, stack]) => [
      name,
      Template.fromStack(stack).toJSON() as TemplateJson,
    ]),
  );
}

/** A resource, with the template that it is in. */
export interface Located {
  readonly where: string;
  readonly resource: Resource;
  readonly template: TemplateJson;
}

export function resourcesOf(templates: Templates, ...types: readonly string[]): Located[] {
  return Object.entries(templates).flatMap(([stack, template]) =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => types.length === 0 || types.includes(Type))
      .map(([id, resource]) => ({ where: `${stack}/${id}`, resource, template })),
  );
}

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'ap-southeast-1',
  'AWS::AccountId': '123456789012',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** What `Fn::GetAtt` gives for an ARN; `Ref` gives it for those marked with `ref`. */
const arns: Readonly<Record<string, (name: string) => string>> = {
  'AWS::CodeBuild::Project': (name) => arn('codebuild', `project/${name}`),
  'AWS::ECR::Repository': (name) => arn('ecr', `repository/${name}`),
  'AWS::Events::Rule': (name) => arn('events', `rule/${name}`),
  'AWS::IAM::Role': (name) => `arn:aws:iam::123456789012:role/${name}`,
  'AWS::IAM::OIDCProvider': () =>
    'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com',
  'AWS::KMS::Key': () => arn('kms', 'key/0123'),
  'AWS::Lambda::Function': (name) => arn('lambda', `function:${name}`),
  'AWS::Logs::LogGroup': (name) => arn('logs', `log-group:${name}:*`),
  'AWS::SNS::Topic': (name) => arn('sns', name),
};
const referredByArn = ['AWS::SNS::Topic', 'AWS::IAM::OIDCProvider'];

const arn = (service: string, rest: string) =>
  `arn:aws:${service}:ap-southeast-1:123456789012:${rest}`;

/**
 * The text that CloudFormation makes of a value in an account and region of ours.
 *
 * @throws Error for a function that is not known here.
 */
export function textOf(value: unknown, template: TemplateJson): string {
  if (typeof value === 'string') return value;
  const { Ref: ref, 'Fn::Join': join, 'Fn::GetAtt': attribute } = value as Record<string, unknown>;
  if (Array.isArray(join)) {
    const [separator, parts] = join as [string, unknown[]];
    return parts.map((part) => textOf(part, template)).join(separator);
  }
  const [id, name] = Array.isArray(attribute) ? (attribute as string[]) : [ref as string];
  if (id === undefined) throw new Error(`no text: ${JSON.stringify(value)}`);
  const pseudoParameter = pseudoParameters[id];
  if (pseudoParameter !== undefined) return pseudoParameter;
  const type = template.Resources[id]?.Type ?? '';
  const arnOf = arns[type];
  if (arnOf && (name === 'Arn' || (name === undefined && referredByArn.includes(type)))) {
    return arnOf(id);
  }
  return id;
}
