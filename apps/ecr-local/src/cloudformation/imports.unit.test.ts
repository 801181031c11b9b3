import { repository, startCloudFormation } from './test/cloudformation-harness';

const retained = { DeletionPolicy: 'Retain' };
const template = (resources: object) => JSON.stringify({ Resources: resources });
const identifier = (name: string) => ({ entry: { 1: { key: 'RepositoryName', value: name } } });

async function withExisting(...names: string[]) {
  const cloudFormation = await startCloudFormation();
  for (const repositoryName of names) {
    await cloudFormation.registry.createRepository({
      repositoryName,
      imageTagMutability: 'IMMUTABLE',
    });
  }
  const { call } = cloudFormation;
  const changeSet = (resources: object, more: object = {}) =>
    call('CreateChangeSet', {
      StackName: 'Registry',
      ChangeSetName: 'import',
      TemplateBody: template(resources),
      ...more,
    });
  const names_ = { StackName: 'Registry', ChangeSetName: 'import' };
  return {
    ...cloudFormation,
    changeSet,
    importAs: (resources: object, id = 'App', name = 'team/app') =>
      changeSet(resources, {
        ChangeSetType: 'IMPORT',
        ResourcesToImport: [
          {
            ResourceType: 'AWS::ECR::Repository',
            LogicalResourceId: id,
            ResourceIdentifier: identifier(name),
          },
        ],
      }),
    described: () => call('DescribeChangeSet', names_),
    execute: () => call('ExecuteChangeSet', names_),
  };
}

describe('a change set of the type IMPORT', () => {
  it('makes an existing repository part of a new stack, and does not change it', async () => {
    const { importAs, described, execute, stack, registry, reasons } =
      await withExisting('team/app');
    await importAs({ App: repository('team/app', {}, retained) });
    expect(await described()).toMatchObject({
      Changes: [
        {
          ResourceChange: {
            Action: 'Import',
            LogicalResourceId: 'App',
            PhysicalResourceId: 'team/app',
          },
        },
      ],
    });
    await execute();
    expect(stack('Registry').status).toBe('IMPORT_COMPLETE');
    expect(stack('Registry').current.resources['App']).toMatchObject({
      physicalId: 'team/app',
      status: 'IMPORT_COMPLETE',
      attributes: { Arn: 'arn:aws:ecr:ap-southeast-1:000000000000:repository/team/app' },
    });
    expect(registry.repositories.get('team/app')?.settings).toMatchObject({
      imageTagMutability: 'IMMUTABLE',
    });
    expect(reasons('Registry').join()).toMatch('App IMPORT_IN_PROGRESS,App IMPORT_COMPLETE');
  });

  it('adds to a stack, which can be updated and deleted afterwards', async () => {
    const existing = await withExisting('team/app');
    const { create, importAs, execute, update, stack, registry, remove } = existing;
    await create('Registry', template({ Other: repository('team/other') }));
    await importAs({ Other: repository('team/other'), App: repository('team/app', {}, retained) });
    await execute();
    expect(stack('Registry').status).toBe('IMPORT_COMPLETE');
    const App = repository(
      'team/app',
      { ImageTagMutability: 'MUTABLE' },
      { DeletionPolicy: 'Delete' },
    );
    await update('Registry', template({ Other: repository('team/other'), App }));
    expect(stack('Registry').status).toBe('UPDATE_COMPLETE');
    expect(registry.repositories.get('team/app')?.settings).toMatchObject({
      imageTagMutability: 'MUTABLE',
    });
    await remove('Registry');
    expect([...registry.repositories.keys()]).toEqual([]);
  });

  it.each<[string, object, string, string, RegExp]>([
    [
      'no deletion policy',
      { App: repository('team/app') },
      'App',
      'team/app',
      /must have DeletionPolicy/,
    ],
    [
      'a repository that does not exist',
      { App: repository('a/b', {}, retained) },
      'App',
      'a/b',
      /was not found/,
    ],
    [
      'another name',
      { App: repository('a/b', {}, retained) },
      'App',
      'team/app',
      /'a\/b' in the template/,
    ],
    [
      'an unknown resource',
      { App: repository('team/app', {}, retained) },
      'None',
      'team/app',
      /no resource None/,
    ],
    [
      'other changes',
      { App: repository('team/app', {}, retained), New: repository('team/new') },
      'App',
      'team/app',
      /modified resources \[New\] in your template that are not being imported/,
    ],
  ])('is refused with %s, and nothing is changed', async (_what, resources, id, name, message) => {
    const { importAs, registry, store } = await withExisting('team/app');
    await expect(importAs(resources, id, name)).rejects.toThrow(message);
    expect(store.all()).toEqual([]);
    expect([...registry.repositories.keys()]).toEqual(['team/app']);
  });

  it('is refused for a resource of another stack', async () => {
    const { create, importAs } = await withExisting();
    await create('Owner', template({ App: repository('team/app') }));
    await expect(importAs({ App: repository('team/app', {}, retained) })).rejects.toThrow(
      /already exists in stack arn:aws:cloudformation:[^]*Owner/,
    );
  });

  it('is rolled back without a deletion if the repository is gone when it is executed', async () => {
    const { importAs, execute, registry, stack } = await withExisting('team/app', 'team/kept');
    await importAs({ App: repository('team/app', {}, retained) });
    registry.repositories.delete('team/app');
    await execute();
    expect(stack('Registry').status).toBe('IMPORT_ROLLBACK_COMPLETE');
    expect([...registry.repositories.keys()]).toEqual(['team/kept']);
  });

  it('finds the identifiers in the summary of a template', async () => {
    const { call } = await withExisting();
    const summary = await call('GetTemplateSummary', {
      TemplateBody: template({ App: repository('a/b'), Topic: { Type: 'AWS::SNS::Topic' } }),
    });
    expect(summary['ResourceIdentifierSummaries']).toEqual([
      {
        ResourceType: 'AWS::ECR::Repository',
        LogicalResourceIds: ['App'],
        ResourceIdentifiers: ['RepositoryName'],
      },
    ]);
  });
});

describe('ImportExistingResources', () => {
  const existing = { ChangeSetType: 'CREATE', ImportExistingResources: 'true' };

  it('imports resources of a name that exists, and creates the others', async () => {
    const { changeSet, described, execute, stack, registry } = await withExisting('team/app');
    await changeSet({ App: repository('team/app'), New: repository('team/new') }, existing);
    const { Changes, ImportExistingResources } = await described();
    expect(ImportExistingResources).toBe(true);
    expect(Changes).toMatchObject([
      { ResourceChange: { Action: 'Import', LogicalResourceId: 'App' } },
      { ResourceChange: { Action: 'Add', LogicalResourceId: 'New' } },
    ]);
    await execute();
    expect(stack('Registry').status).toBe('CREATE_COMPLETE');
    expect([...registry.repositories.keys()].sort()).toEqual(['team/app', 'team/new']);
  });

  it('keeps what it has imported if the deployment is rolled back', async () => {
    const { changeSet, execute, stack, registry } = await withExisting('team/app');
    registry.beforeChange = (operation, name) => {
      if (operation === 'createRepository' && name === 'team/new') throw new Error('broken');
    };
    const New = repository('team/new', {}, { DependsOn: 'App' });
    await changeSet({ App: repository('team/app'), New }, existing);
    await execute();
    expect(stack('Registry').status).toBe('ROLLBACK_COMPLETE');
    expect([...registry.repositories.keys()]).toEqual(['team/app']);
  });

  it('is off without the flag', async () => {
    const { changeSet, execute, stack } = await withExisting('team/app');
    await changeSet({ App: repository('team/app') }, { ChangeSetType: 'CREATE' });
    await execute();
    expect(stack('Registry').status).toBe('ROLLBACK_COMPLETE');
  });
});
