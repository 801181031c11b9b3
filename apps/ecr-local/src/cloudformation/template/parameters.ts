import { firstMismatch, PatternError } from '../../input/bounded-pattern';
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
  for (const [name, value = ''] of values) {
    const declaration = declarations[name] as ParameterDeclaration;
    for (const item of itemsOf(declaration, value)) checkOne(name, declaration, item);
  }
  checkPatterns(declarations, values);
  return Object.fromEntries(values.map(([name, value = '']) => [name, value]));
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

const itemsOf = ({ Type }: ParameterDeclaration, value: string): string[] =>
  listTypes.test(Type) ? value.split(',').map((item) => item.trim()) : [value];

function checkPatterns(
  declarations: Template['Parameters'],
  values: readonly [string, string | undefined][],
): void {
  const matches = values.flatMap(([name, value = '']) => {
    const declaration = declarations[name] as ParameterDeclaration;
    const { AllowedPattern: pattern } = declaration;
    if (pattern === undefined) return [];
    return itemsOf(declaration, value).map((text) => ({ name, declaration, pattern, text }));
  });
  const failed = asParameterError(() => firstMismatch(matches));
  if (!failed) return;
  throw unsatisfied(failed.name, failed.declaration, `must match pattern ${failed.pattern}`);
}

function asParameterError<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw parametersInvalid(`Template format error: AllowedPattern: ${error.message}`);
  }
}

const unsatisfied = (
  name: string,
  { ConstraintDescription }: ParameterDeclaration,
  constraint: string,
) =>
  parametersInvalid(
    ConstraintDescription
      ? `Parameter ${name} failed to satisfy constraint: ${ConstraintDescription}`
      : `Parameter '${name}' ${constraint}`,
  );

function checkOne(name: string, declaration: ParameterDeclaration, value: string): void {
  const { AllowedValues, MinLength, MaxLength, MinValue, MaxValue } = declaration;
  const numeric = declaration.Type.includes('Number');
  const refuse = (constraint: string): never => {
    throw unsatisfied(name, declaration, constraint);
  };
  if (AllowedValues && !AllowedValues.includes(value)) refuse('must be one of AllowedValues');
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

const parametersInvalid = (message: string) =>
  new CloudFormationError('PARAMETERS_INVALID', message);
