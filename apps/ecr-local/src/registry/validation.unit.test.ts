import fc from 'fast-check';
import { z } from 'zod';
import { EcrError } from '../errors/ecr-error';
import { checkResourcePolicy } from './resource-policy';
import { batchOf, parseRequest } from './requests';

const statement = { Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' };
const check = (policy: unknown) => () => checkResourcePolicy('repository', JSON.stringify(policy));
const without = ({ ...from }: Record<string, unknown>, key: string) => {
  delete from[key];
  return from;
};

describe('a repository policy', () => {
  it.each([
    { Statement: statement },
    { Version: '2008-10-17', Id: 'x', Statement: [{ ...statement, Sid: 'a' }] },
    { Version: '2012-10-17', Statement: [{ ...statement, Action: ['ecr:Get*', 'ecr:*', '*'] }] },
    { Statement: [{ ...statement, Action: 'ECR:batchget?mage' }] },
    { Statement: [{ ...statement, Principal: { AWS: ['000000000000', '*'], Service: 'lambda' } }] },
    { Statement: [{ ...statement, Condition: { StringLike: { 'aws:sourceArn': ['a', 'b'] } } }] },
    { Statement: [{ ...without(statement, 'Action'), NotAction: 'ecr:PutImage' }] },
  ])('is accepted: %j', (policy) => {
    expect(check(policy)).not.toThrow();
  });

  it.each([
    { Statement: [{ ...statement, Resource: '*' }] },
    { Statement: [statement, { ...statement, Resource: [] }] },
    { Statement: [{ ...statement, NotResource: '*' }] },
    { Statement: [{ ...statement, Action: 'ecr:NoSuchAction' }] },
    { Statement: [{ ...statement, Action: ['ecr:PutImage', 's3:GetObject'] }] },
    { Statement: [{ ...statement, Action: 'PutImage' }] },
    { Statement: [{ ...statement, Action: 'ecr:' }] },
    { Statement: [{ ...statement, Action: 'ecr:PutImage?' }] },
    { Statement: [{ ...statement, NotAction: 'ecr:PutImage' }] },
    { Statement: [{ ...statement, Effect: 'allow' }] },
    { Statement: [without(statement, 'Principal')] },
    { Statement: [] },
    { Version: '2013-10-17', Statement: statement },
    { Version: '', Statement: statement },
    { Statement: statement, Extra: 1 },
    [],
    null,
  ])('is rejected in ECR’s words: %j', (policy) => {
    expect(check(policy)).toThrow('Invalid repository policy provided');
  });

  it('with an action of a thousand wildcards is decided at once', () => {
    expect(check({ Statement: { ...statement, Action: `ecr:${'*a'.repeat(2_000)}` } })).toThrow(
      EcrError,
    );
  });
});

describe('an invalid request', () => {
  const schema = z.strictObject({
    name: z.string().min(2).max(4),
    n: z.int().min(1).max(9).optional(),
    kind: z.enum(['A', 'B']).optional(),
    ids: batchOf(z.string()).optional(),
  });
  const refused = (input: unknown) => {
    try {
      parseRequest(schema, input);
    } catch (error) {
      if (error instanceof EcrError) return `${error.code}: ${error.message}`;
    }
    throw new Error('It was not refused.');
  };
  const constraint = (path: string, words: string) =>
    `InvalidParameterException: Invalid parameter at '${path}' failed to satisfy constraint: '${words}'`;

  it.each([
    [{}, constraint('name', 'Member must not be null')],
    [{ name: 'a' }, constraint('name', 'Member must have length greater than or equal to 2')],
    [{ name: 'abcde' }, constraint('name', 'Member must have length less than or equal to 4')],
    [{ name: 'ab', n: 0 }, constraint('n', 'Member must have value greater than or equal to 1')],
    [{ name: 'ab', n: 10 }, constraint('n', 'Member must have value less than or equal to 9')],
    [{ name: 'ab', kind: 'C' }, constraint('kind', 'Member must satisfy enum value set: [A, B]')],
    [
      { name: 'ab', ids: [] },
      constraint('ids', 'Member must have length greater than or equal to 1'),
    ],
    [{ name: 1 }, "SerializationException: The value of 'name' is not of the type string"],
    [{ name: null }, "SerializationException: The value of 'name' is not of the type string"],
    [
      { name: 'ab', ids: [1] },
      "SerializationException: The value of 'ids.0' is not of the type string",
    ],
    [{ name: 'ab', n: 1.5 }, "SerializationException: The value of 'n' is not of the type int"],
    [[], 'SerializationException: The value of the request is not of the type object'],
    [{ name: 'ab', more: 1 }, "InvalidParameterException: Unknown parameter in input: 'more'"],
  ])('%j is refused in AWS’s words', (input, expected) => {
    expect(refused(input)).toBe(expected);
  });

  it('never gets the words of the validation library', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.record({ name: fc.jsonValue(), n: fc.jsonValue(), ids: fc.jsonValue() }),
    );
    fc.assert(
      fc.property(value, (input) => {
        fc.pre(!schema.safeParse(input).success);
        expect(refused(input)).not.toMatch(/Invalid input|Too (small|big)|Unrecognized|expected/);
      }),
    );
  });
});
