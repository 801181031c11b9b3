import { CloudFormationError } from '../cloudformation-error';
import { type ParameterDeclaration, type Template } from './template';

/** A parameter as a request gives it. */
export interface GivenParameter {
  readonly ParameterKey: string;
  readonly ParameterValue?: string | undefined;
  readonly UsePreviousValue?: boolean | undefined;
}

const scalarTypes = /^(String|Number|AWS::EC2::[\w:]+|AWS::Route53::HostedZone::Id)$/;
const listTypes = /^(CommaDelimitedList|List<(Number|String|AWS::[\w:]+)>)$/;

/** The value of every declared parameter as text: the one given, the previous one or the default. */
export function parameterValues(
  declarations: Template['Parameters'],
  given: readonly GivenParameter[],
  previous: Readonly<Record<string, string>>,
): Record<string, string> {
  const unknown = given
    .map((p) => p.ParameterKey)
    .filter((key) => !Object.hasOwn(declarations, key));
  if (unknown.length > 0) {
    throw parametersInvalid(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  }
  const values = Object.entries(declarations).map(
    ([name, declaration]): [string, string | undefined] => {
      requireEmulated(name, declaration.Type);
      const parameter = given.find(({ ParameterKey }) => ParameterKey === name);
      const value = parameter?.UsePreviousValue
        ? previous[name]
        : (parameter?.ParameterValue ?? declaration.Default);
      return [name, value];
    },
  );
  const missing = values.flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (missing.length > 0)
    throw parametersInvalid(`Parameters: [${missing.join(', ')}] must have values`);
  return Object.fromEntries(
    values.map(([name, value = '']) => {
      check(name, declarations[name] as ParameterDeclaration, value);
      return [name, value];
    }),
  );
}

/** The values as templates see them: list types are lists. */
export function evaluatedParameters(
  declarations: Template['Parameters'],
  values: Readonly<Record<string, string>>,
): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(declarations).map(([name, { Type }]) => {
      const value = values[name] ?? '';
      return [name, listTypes.test(Type) ? value.split(',').map((item) => item.trim()) : value];
    }),
  );
}

function requireEmulated(name: string, type: string): void {
  if (scalarTypes.test(type) || listTypes.test(type)) return;
  const reason = type.startsWith('AWS::SSM::')
    ? 'there is no Parameter Store here. For the CDK, use BootstraplessSynthesizer, which needs no bootstrap version parameter'
    : 'use String, Number, CommaDelimitedList or List<Number>';
  throw parametersInvalid(
    `Template format error: The type ${type} of parameter ${name} is not emulated: ${reason}.`,
  );
}

function check(name: string, declaration: ParameterDeclaration, value: string): void {
  const items = listTypes.test(declaration.Type)
    ? value.split(',').map((item) => item.trim())
    : [value];
  for (const item of items) checkOne(name, declaration, item);
}

function checkOne(name: string, declaration: ParameterDeclaration, value: string): void {
  const { AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue } = declaration;
  const numeric = declaration.Type.includes('Number');
  const refuse = (constraint: string): never => {
    throw parametersInvalid(
      declaration.ConstraintDescription
        ? `Parameter ${name} failed to satisfy constraint: ${declaration.ConstraintDescription}`
        : `Parameter '${name}' ${constraint}`,
    );
  };
  if (AllowedValues && !AllowedValues.includes(value)) refuse('must be one of AllowedValues');
  if (AllowedPattern !== undefined && !fullMatch(AllowedPattern, value)) {
    refuse(`must match pattern ${AllowedPattern}`);
  }
  if (MinLength !== undefined && value.length < MinLength)
    refuse(`must contain at least ${MinLength} characters`);
  if (MaxLength !== undefined && value.length > MaxLength)
    refuse(`must contain at most ${MaxLength} characters`);
  if (numeric && (value.trim() === '' || Number.isNaN(Number(value)))) refuse('must be a number');
  if (MinValue !== undefined && Number(value) < MinValue)
    refuse(`must be a number not less than ${MinValue}`);
  if (MaxValue !== undefined && Number(value) > MaxValue)
    refuse(`must be a number not greater than ${MaxValue}`);
}

function fullMatch(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(value);
  } catch (cause) {
    throw parametersInvalid(
      `Template format error: AllowedPattern ${pattern} is not a regular expression: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}

const parametersInvalid = (message: string) =>
  new CloudFormationError('PARAMETERS_INVALID', message);
