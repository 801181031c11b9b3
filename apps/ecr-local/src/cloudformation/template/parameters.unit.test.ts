import { evaluatedParameters, parameterValues } from './parameters';
import { parseTemplate } from './template';

const declare = (parameters: object) =>
  parseTemplate(
    JSON.stringify({ Parameters: parameters, Resources: { A: { Type: 'AWS::ECR::Repository' } } }),
  ).Parameters;

describe('parameters', () => {
  it('take the given value, the previous one if requested, or the default', () => {
    const declared = declare({
      Given: { Type: 'String', Default: 'd' },
      Kept: { Type: 'String' },
      Default: { Type: 'Number', Default: 3 },
      List: { Type: 'CommaDelimitedList', Default: 'a, b' },
    });
    const given = [
      { ParameterKey: 'Given', ParameterValue: 'g' },
      { ParameterKey: 'Kept', UsePreviousValue: true },
    ];
    const values = parameterValues(declared, given, { Kept: 'k' });
    expect(values).toEqual({ Given: 'g', Kept: 'k', Default: '3', List: 'a, b' });
    expect(evaluatedParameters(declared, values)['List']).toEqual(['a', 'b']);
  });

  it.each([
    [{ A: { Type: 'String' } }, undefined, 'Parameters: [A] must have values'],
    [{ A: { Type: 'String', AllowedValues: ['x'] } }, 'y', 'must be one of AllowedValues'],
    [{ A: { Type: 'String', AllowedPattern: 'a|b' } }, 'ab', 'must match pattern'],
    [{ A: { Type: 'String', MinLength: 2 } }, 'y', 'at least 2 characters'],
    [{ A: { Type: 'Number' } }, 'y', 'must be a number'],
    [{ A: { Type: 'Number', MaxValue: 5 } }, '6', 'not greater than 5'],
    [
      { A: { Type: 'AWS::SSM::Parameter::Value<String>' } },
      '/a',
      'there is no Parameter Store here',
    ],
    [
      { A: { Type: 'String', AllowedPattern: 'x', ConstraintDescription: 'be x' } },
      'y',
      'constraint: be x',
    ],
  ])('%j refuse %j', (parameters, value, message) => {
    const given = value === undefined ? [] : [{ ParameterKey: 'A', ParameterValue: value }];
    expect(() => parameterValues(declare(parameters), given, {})).toThrow(message);
  });

  it('that the template does not declare are refused', () => {
    expect(() => parameterValues({}, [{ ParameterKey: 'X', ParameterValue: '1' }], {})).toThrow(
      'Parameters: [X] do not exist in the template',
    );
  });
});
