import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { type QueryServer, startQueryServer } from '../query/test/query-server';

let server: QueryServer;
let cloudFormation: CloudFormationClient;

beforeAll(async () => {
  server = await startQueryServer();
  cloudFormation = new CloudFormationClient({
    endpoint: server.url,
    region: 'ap-southeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});

afterAll(async () => {
  cloudFormation.destroy();
  await server.stop();
});

const template = (resources: object) => JSON.stringify({ Resources: resources });
const repository = (name: string) => ({
  Type: 'AWS::ECR::Repository',
  Properties: { RepositoryName: name },
});

describe('CloudFormation through its SDK', () => {
  it('creates a stack from a change set, and shows it whole', async () => {
    const body = JSON.stringify({
      Description: 'two < three & "four"',
      Resources: { Repo: repository('sdk'), Role: { Type: 'AWS::IAM::Role', Properties: {} } },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Repo', 'Arn'] }, Export: { Name: 'sdk-arn' } } },
    });
    const made = await cloudFormation.send(
      new CreateChangeSetCommand({
        StackName: 'Sdk',
        ChangeSetName: 'first',
        ChangeSetType: 'CREATE',
        TemplateBody: body,
        Capabilities: ['CAPABILITY_IAM'],
        Tags: [{ Key: 'app', Value: 'typerush' }],
      }),
    );
    const described = await cloudFormation.send(
      new DescribeChangeSetCommand({ ChangeSetName: made.Id }),
    );
    expect(described).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' });
    expect(
      described.Changes?.map(({ ResourceChange: change }) => [
        change?.Action,
        change?.LogicalResourceId,
      ]),
    ).toEqual([
      ['Add', 'Repo'],
      ['Add', 'Role'],
    ]);
    await cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: made.Id }));

    const { Stacks: [stack] = [] } = await cloudFormation.send(
      new DescribeStacksCommand({ StackName: 'Sdk' }),
    );
    expect(stack).toMatchObject({
      StackId: made.StackId,
      StackStatus: 'CREATE_COMPLETE',
      Description: 'two < three & "four"',
      Outputs: [
        {
          OutputKey: 'Arn',
          OutputValue: 'arn:aws:ecr:ap-southeast-1:000000000000:repository/sdk',
          ExportName: 'sdk-arn',
        },
      ],
      Tags: [{ Key: 'app', Value: 'typerush' }],
    });
    const got = await cloudFormation.send(new GetTemplateCommand({ StackName: 'Sdk' }));
    expect(got.TemplateBody).toBe(body);
    const { StackEvents: events = [] } = await cloudFormation.send(
      new DescribeStackEventsCommand({ StackName: 'Sdk' }),
    );
    expect(events[0]).toMatchObject({
      LogicalResourceId: 'Sdk',
      ResourceStatus: 'CREATE_COMPLETE',
    });
    expect(new Set(events.map(({ Timestamp }) => Timestamp?.getTime())).size).toBe(events.length);
    const resources = await cloudFormation.send(
      new DescribeStackResourcesCommand({ StackName: 'Sdk' }),
    );
    expect(
      resources.StackResources?.find(({ LogicalResourceId: id }) => id === 'Role'),
    ).toMatchObject({
      ResourceStatus: 'CREATE_COMPLETE',
      ResourceStatusReason: 'recorded, not emulated',
    });
  });

  it('describes a change set, with values if requested', async () => {
    await server.createStack(
      'Plan',
      template({ A: repository('plan-a'), B: repository('plan-b') }),
    );
    const changed = {
      A: repository('plan-a2'),
      C: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Type: 'String', Value: { 'Fn::GetAtt': ['A', 'Arn'] } },
      },
    };
    await cloudFormation.send(
      new CreateChangeSetCommand({
        StackName: 'Plan',
        ChangeSetName: 'c',
        TemplateBody: template(changed),
      }),
    );
    const { Changes } = await cloudFormation.send(
      new DescribeChangeSetCommand({
        StackName: 'Plan',
        ChangeSetName: 'c',
        IncludePropertyValues: true,
      }),
    );
    expect(Changes?.map(({ ResourceChange: change }) => change)).toMatchObject([
      {
        Action: 'Modify',
        LogicalResourceId: 'A',
        Replacement: 'True',
        PolicyAction: 'ReplaceAndDelete',
        Scope: ['Properties'],
        Details: [
          {
            Target: {
              Name: 'RepositoryName',
              RequiresRecreation: 'Always',
              BeforeValue: 'plan-a',
              AfterValue: 'plan-a2',
            },
            Evaluation: 'Static',
          },
        ],
      },
      {
        Action: 'Add',
        LogicalResourceId: 'C',
        AfterContext: expect.stringContaining('{{changeSet:KNOWN_AFTER_APPLY}}'),
      },
      { Action: 'Remove', LogicalResourceId: 'B', PolicyAction: 'Delete' },
    ]);
  });

  it('fails a change set without changes, with the text that tools recognise', async () => {
    const body = template({ A: repository('same') });
    await server.createStack('Same', body);
    await cloudFormation.send(
      new CreateChangeSetCommand({ StackName: 'Same', ChangeSetName: 'c', TemplateBody: body }),
    );
    const change = { StackName: 'Same', ChangeSetName: 'c' };
    await expect(cloudFormation.send(new DescribeChangeSetCommand(change))).resolves.toMatchObject({
      Status: 'FAILED',
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    });
    await expect(cloudFormation.send(new ExecuteChangeSetCommand(change))).rejects.toMatchObject({
      name: 'InvalidChangeSetStatusException',
    });
    await cloudFormation.send(new DeleteChangeSetCommand(change));
    await expect(cloudFormation.send(new DescribeChangeSetCommand(change))).rejects.toMatchObject({
      name: 'ChangeSetNotFoundException',
    });
    await expect(cloudFormation.send(new DeleteChangeSetCommand(change))).resolves.toBeDefined();
  });

  it.each([
    [
      'a stack that is not there',
      { StackName: 'Nope', TemplateBody: template({ A: repository('a') }) },
      'Stack [Nope] does not exist',
    ],
    [
      'an unknown reference',
      {
        StackName: 'New',
        ChangeSetType: 'CREATE',
        TemplateBody: template({ A: repository({ Ref: 'X' } as never) }),
      },
      'Unresolved resource dependencies [X]',
    ],
    [
      'a template at a URL',
      { StackName: 'New', ChangeSetType: 'CREATE', TemplateURL: 'https://s3/x' },
      'TemplateURL is not emulated',
    ],
    [
      'no template',
      { StackName: 'New', ChangeSetType: 'CREATE' },
      'Template Body must be specified',
    ],
    [
      'a bad name',
      { StackName: '1_x', ChangeSetType: 'CREATE', TemplateBody: template({ A: repository('a') }) },
      'must start with a letter',
    ],
  ] as const)('refuses %s, and changes nothing', async (_what, input, message) => {
    await expect(
      cloudFormation.send(new CreateChangeSetCommand({ ChangeSetName: 'c', ...input })),
    ).rejects.toMatchObject({ name: 'ValidationError', message: expect.stringContaining(message) });
    await expect(
      cloudFormation.send(new DescribeStacksCommand({ StackName: input.StackName })),
    ).rejects.toMatchObject({
      name: 'ValidationError',
      message: `Stack with id ${input.StackName} does not exist`,
    });
  });

  it('requires the capability that IAM resources need', async () => {
    const input = { StackName: 'Iam', ChangeSetName: 'c', ChangeSetType: 'CREATE' as const };
    const body = template({ R: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'x' } } });
    await expect(
      cloudFormation.send(
        new CreateChangeSetCommand({
          ...input,
          TemplateBody: body,
          Capabilities: ['CAPABILITY_IAM'],
        }),
      ),
    ).rejects.toMatchObject({
      name: 'InsufficientCapabilitiesException',
      message: 'Requires capabilities : [CAPABILITY_NAMED_IAM]',
    });
  });

  it('gives long lists in pages', async () => {
    const parameters = Array.from({ length: 230 }, (_, index) => [
      `P${index}`,
      { Type: 'AWS::SSM::Parameter', Properties: { Name: `/p/${index}` } },
    ]);
    await server.createStack('Long', template(Object.fromEntries(parameters)));
    const sizes: number[] = [];
    for await (const page of paginateListStackResources(
      { client: cloudFormation },
      { StackName: 'Long' },
    )) {
      sizes.push(page.StackResourceSummaries?.length ?? 0);
    }
    expect(sizes).toEqual([100, 100, 30]);
  });

  it('lists stacks by status and summarizes a template', async () => {
    await server.createStack('Listed', template({ A: repository('listed') }));
    const listed = await cloudFormation.send(
      new ListStacksCommand({ StackStatusFilter: ['CREATE_COMPLETE'] }),
    );
    expect(listed.StackSummaries?.map(({ StackName }) => StackName)).toContain('Listed');
    await expect(
      cloudFormation.send(new GetTemplateSummaryCommand({ StackName: 'Listed' })),
    ).resolves.toMatchObject({
      ResourceTypes: ['AWS::ECR::Repository'],
    });
  });
});
