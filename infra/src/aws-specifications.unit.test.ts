import { type EnvironmentSettings, environmentSettings } from './environments';
import { alternatives, everything, sources, synthesize, variants } from '../test/registry';
import {
  nameFaults,
  onceInAnAccountFaults,
  retentionFaults,
} from '../test/specifications/account-faults';
import { encryptedDelivery, missingGrants } from '../test/specifications/build-grants';
import { cloudFormationFaults } from '../test/specifications/cloudformation-faults';
import { calledEcrActions } from '../test/specifications/ecr-calls';
import { iamFaults } from '../test/specifications/iam-faults';
import '../test/specifications/planted-faults';
import { grantedNeeds, reachFaults } from '../test/specifications/reach-faults';
import { readOnlyFaults } from '../test/specifications/read-only-faults';
import { type Templates, templatesOf } from '../test/specifications/template';

// The engine of the resource schemas takes seconds to start.
jest.setTimeout(120_000);

describe.each(variants)('the templates of %s', (_name, synthesis) => {
  const templates = templatesOf(synthesis());

  it('are valid by the resource schemas of CloudFormation', () => {
    expect(cloudFormationFaults(templates)).toEqual([]);
  });

  it('set no read-only property', () => {
    expect(readOnlyFaults(templates)).toEqual([]);
  });

  it('have policies of actions, resources and conditions that IAM knows', async () => {
    expect(await iamFaults(templates)).toEqual([]);
  });

  it('can be created again after a failure, and in a second region', () => {
    expect([...retentionFaults(templates), ...nameFaults(templates)]).toEqual([]);
  });
});

it.each(Object.entries(environmentSettings))(
  'the declared settings of %s create nothing that an account can have only once',
  (environment, settings) => {
    const of = environment as keyof typeof environmentSettings;
    expect(onceInAnAccountFaults(templatesOf(synthesize(of, { settings })))).toEqual([]);
  },
);

it('each pair of settings is valid by the resource schemas', () => {
  const names = Object.keys(everything) as (keyof EnvironmentSettings)[];
  const single = [...names.map((name) => ({ [name]: everything[name] })), ...alternatives];
  const pairs = single.flatMap((one, index) =>
    single.slice(index + 1).map((other): EnvironmentSettings => ({ ...one, ...other })),
  );
  // Most pairs share most templates: each is checked once, by the name of the first pair that has it.
  const distinct = new Map<string, [string, Templates[string]]>();
  for (const settings of pairs) {
    for (const [name, template] of Object.entries(templatesOf(synthesize('dev', { settings })))) {
      const text = JSON.stringify(template);
      const first = `${Object.keys(settings).join(' and ')}: ${name}`;
      if (!distinct.has(text)) distinct.set(text, [`${distinct.size} ${first}`, template]);
    }
  }
  expect(distinct.size).toBeGreaterThan(pairs.length / 2);
  expect(cloudFormationFaults(Object.fromEntries(distinct.values()))).toEqual([]);
});

describe('the endpoints of a VPC', () => {
  const templates = templatesOf(synthesize('dev', { settings: everything }));

  it('let through what the roles may do', async () => {
    const needs = await grantedNeeds(templates);
    expect(new Set(needs.map(({ action }) => action.split(':')[0]))).toEqual(
      new Set(['ecr', 'logs', 's3']),
    );
    expect(await reachFaults(templates, needs)).toEqual([]);
  });

  it('let through what our tools call', async () => {
    const actions = calledEcrActions();
    expect(actions).toEqual(
      expect.arrayContaining(['ecr:DescribeImageScanFindings', 'ecr:GetLifecyclePolicy']),
    );
    const repository = 'arn:aws:ecr:ap-southeast-1:123456789012:repository/typerush/game-service';
    const needs = actions.map((action) => ({
      who: 'our tools',
      action,
      resource: action === 'ecr:GetAuthorizationToken' ? '*' : repository,
    }));
    expect(await reachFaults(templates, needs)).toEqual([]);
  });
});

describe('the role of a build in a pipeline', () => {
  it.each([sources['a pipeline from a connection'], sources['a pipeline from CodeCommit']])(
    'may do what the CDK’s own action grants: %j',
    async (source) => {
      const templates = templatesOf(synthesize('dev', { settings: encryptedDelivery(source) }));
      expect(await missingGrants(templates, source)).toEqual([]);
    },
  );
});
