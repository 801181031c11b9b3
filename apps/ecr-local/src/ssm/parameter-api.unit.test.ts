import { createOpenAccess } from '../access/access-control';
import { location, startCloudFormation } from '../cloudformation/test/cloudformation-harness';
import { createParameterApi } from './parameter-api';

const own = { account: location.accountId, region: location.region };
const access = createOpenAccess(own);
const caller = {
  access,
  identity: {
    caller: { kind: 'user', account: own.account, arn: '' },
    userId: '',
    policies: { identity: [] },
    reference: '',
  },
  location: own,
  sourceIp: undefined,
} as const;

const parameter = (Name: string, Value: string) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name, Type: 'String', Value },
});
const template = (Value: string) => ({
  Resources: {
    A: parameter('/typerush/dev/a', Value),
    B: parameter('/typerush/dev/deep/b', '2'),
    C: parameter('/other/c', '3'),
  },
});

async function parameters() {
  const cloudFormation = await startCloudFormation();
  await cloudFormation.create('Parameters', template('1'));
  const api = createParameterApi(() => cloudFormation.store);
  const call = (operation: string, input: object) =>
    api(operation, input, caller) as Record<string, never>;
  const namesIn = (answer: { Parameters: { Name: string }[] }) =>
    answer.Parameters.map(({ Name }) => Name);
  return { ...cloudFormation, call, namesIn };
}

describe('the parameters of stacks', () => {
  it('are returned by name, by ARN and by version', async () => {
    const { call, update } = await parameters();
    const ARN = 'arn:aws:ssm:ap-southeast-1:000000000000:parameter/typerush/dev/a';
    const found = {
      Name: '/typerush/dev/a',
      Type: 'String',
      Value: '1',
      Version: 1,
      ARN,
      DataType: 'text',
    };
    expect(call('GetParameter', { Name: '/typerush/dev/a' })).toMatchObject({ Parameter: found });
    expect(call('GetParameter', { Name: ARN })).toMatchObject({ Parameter: found });
    await update('Parameters', template('new'));
    expect(call('GetParameter', { Name: '/typerush/dev/a:2' })).toMatchObject({
      Parameter: { Value: 'new', Version: 2, Selector: ':2' },
    });
    expect(() => call('GetParameter', { Name: '/typerush/dev/a:1' })).toThrow(
      expect.objectContaining({ code: 'ParameterVersionNotFound' }),
    );
  });

  it('that do not exist are named', async () => {
    const { call } = await parameters();
    expect(() => call('GetParameter', { Name: '/none' })).toThrow(
      expect.objectContaining({ code: 'ParameterNotFound' }),
    );
    expect(call('GetParameters', { Names: ['/other/c', '/none'] })).toMatchObject({
      Parameters: [{ Name: '/other/c' }],
      InvalidParameters: ['/none'],
    });
  });

  it('are listed by path, one level or all, in pages', async () => {
    const { call, namesIn } = await parameters();
    const byPath = (input: object) => call('GetParametersByPath', input) as never;
    expect(namesIn(byPath({ Path: '/typerush/dev' }))).toEqual(['/typerush/dev/a']);
    const all = ['/typerush/dev/a', '/typerush/dev/deep/b'];
    expect(namesIn(byPath({ Path: '/typerush/dev/', Recursive: true }))).toEqual(all);
    const first = byPath({ Path: '/', Recursive: true, MaxResults: 1 }) as {
      NextToken: string;
      Parameters: [];
    };
    expect(namesIn(first)).toEqual(['/other/c']);
    expect(namesIn(byPath({ Path: '/', Recursive: true, NextToken: first.NextToken }))).toEqual(
      all,
    );
  });

  it('go with their stack', async () => {
    const { call, remove } = await parameters();
    await remove('Parameters');
    expect(call('GetParameters', { Names: ['/other/c'] })).toMatchObject({ Parameters: [] });
  });

  it.each([
    ['GetParameter', {}, 'ValidationException'],
    ['GetParameter', { Name: 1 }, 'ValidationException'],
    ['GetParameters', { Names: Array(11).fill('a') }, 'ValidationException'],
    ['GetParametersByPath', { Path: 'a' }, 'ValidationException'],
    ['GetParametersByPath', { Path: '/', NextToken: 'x' }, 'InvalidNextToken'],
    ['PutParameter', {}, 'UnknownOperationException'],
  ])('reject %s %j', async (operation, input, code) => {
    const { call } = await parameters();
    expect(() => call(operation, input)).toThrow(expect.objectContaining({ code }));
  });
});
