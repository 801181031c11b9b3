import {
  DescribeImagesCommand,
  GetLifecyclePolicyCommand,
  PutLifecyclePolicyCommand,
} from '@aws-sdk/client-ecr';
import { type LocalServer } from '../test/local-server';
import { pushSample } from '../test/sample-images';
import {
  inRepository,
  type OpenConsole,
  openConsole,
  repositoryName,
  withoutSpace,
} from './test/open-console';

/** That of a published example: a list of prefixes reads like "any of these". */
const trap = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: {
        tagStatus: 'untagged',
        countType: 'sinceImagePushed',
        countUnit: 'days',
        countNumber: 7,
      },
      action: { type: 'expire' },
    },
    {
      rulePriority: 2,
      selection: {
        tagStatus: 'tagged',
        tagPrefixList: ['v', 'prod', 'staging', 'dev'],
        countType: 'imageCountMoreThan',
        countNumber: 10,
      },
      action: { type: 'expire' },
    },
  ],
});

let console: OpenConsole;
let server: LocalServer;
const textOf: OpenConsole['textOf'] = (...all) => console.textOf(...all);
const send: OpenConsole['send'] = (...all) => console.send(...all);

beforeEach(async () => {
  console = await openConsole();
  ({ server } = console);
});
afterEach(() => server.close());

describe('the policy workbench', () => {
  it('proposes a policy for a repository without one', async () => {
    const text = await textOf('/_console/policy', inRepository);
    expect(text).toContain('which is not applied');
    expect(text).toContain('No problem found');
  });

  it('marks the lines of the rule whose list must match all entries, and splits the list', async () => {
    const text = withoutSpace(await (await send({ do: 'evaluate', text: trap, days: '8' })).text());
    expect(text).toContain(
      'Rule 2 never expires any image, except one that has a tag for each of v*, prod*, staging*, dev*',
    );
    expect(text).toMatch(/<mark>/);
    const split = await (await send({ do: 'split', text: trap, days: '8' })).text();
    expect(split).toContain('Nothing is saved yet');
    const [, area = ''] = /<textarea[^>]*>([^<]*)/.exec(split) ?? [];
    const { rules } = JSON.parse(area.replaceAll('&quot;', '"')) as {
      rules: { rulePriority: number; selection: object }[];
    };
    expect(rules.map(({ rulePriority }) => rulePriority)).toEqual([1, 2, 3, 4, 5]);
    expect(rules[4]?.selection).toMatchObject({ tagPrefixList: ['dev'], countNumber: 10 });
  });

  it('forecasts when an untagged image expires and by which rule, and the clock makes it so', async () => {
    await pushSample(server.v2, repositoryName, 'latest', 'one');
    await pushSample(server.v2, repositoryName, 'latest', 'two');
    const forecast = withoutSpace(
      await (await send({ do: 'evaluate', text: trap, days: '8' })).text(),
    );
    expect(forecast).toContain('Within 8 days, 1 image expires and 1 stays');
    expect(forecast).toMatch(/expires in [78] days<\/strong>/);
    expect(forecast).toContain('rule 1: more than 7 days since 2026-01-01');
    const saved = await send({ do: 'apply', text: trap, days: '8' });
    expect(saved.status).toBe(303);
    const { lifecyclePolicyText } = await server.client.send(
      new GetLifecyclePolicyCommand({ repositoryName }),
    );
    expect(lifecyclePolicyText).toBe(trap);
    expect((await send({ do: 'move', text: trap, days: '8' })).status).toBe(303);
    const { imageDetails } = await server.client.send(
      new DescribeImagesCommand({ repositoryName }),
    );
    expect(imageDetails).toMatchObject([{ imageTags: ['latest'] }]);
  });

  it('does not save a policy that ECR rejects, and keeps the draft', async () => {
    const response = await send({ do: 'apply', text: '{ "rules": [] }', days: '8' });
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).toContain('The policy was not saved.');
    expect(text).toContain('{ &quot;rules&quot;: [] }</textarea>');
    await expect(
      server.client.send(new GetLifecyclePolicyCommand({ repositoryName })),
    ).rejects.toMatchObject({ name: 'LifecyclePolicyNotFoundException' });
  });

  it('copies as Terraform and CDK, without a template of Terraform in a description', async () => {
    const text = trap.replace('"rulePriority":1', '"rulePriority":1,"description":"${path.cwd}"');
    await server.client.send(
      new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: text }),
    );
    const shown = await textOf('/_console/policy', inRepository);
    expect(shown).toContain(
      'resource &quot;aws_ecr_lifecycle_policy&quot; &quot;hello_world&quot; {',
    );
    expect(shown).toContain('&quot;$${path.cwd}&quot;');
    expect(shown).toContain('lifecyclePolicyText: JSON.stringify({');
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['another token', { token: 'x'.repeat(43) }, {}],
    ['no token', { token: '' }, {}],
    ['another origin', {}, { origin: 'http://attacker.example' }],
    ['another port', {}, { origin: 'http://127.0.0.1:1' }],
    ['a page of another site', {}, { 'sec-fetch-site': 'cross-site' }],
  ])('rejects a change with %s', async (_case, fields, headers) => {
    const response = await send({ do: 'apply', text: trap, days: '8', ...fields }, headers);
    expect(response.status).toBe(403);
    await expect(
      server.client.send(new GetLifecyclePolicyCommand({ repositoryName })),
    ).rejects.toMatchObject({ name: 'LifecyclePolicyNotFoundException' });
  });
});
