import { repository, startCloudFormation } from '../test/cloudformation-harness';

const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } };

describe('deploying a stack', () => {
  it('makes repositories for real, with everything their template says', async () => {
    const { create, stack, registry } = await startCloudFormation();
    await create(
      'S',
      {
        Resources: {
          Repo: repository('typerush/api', {
            ImageScanningConfiguration: { ScanOnPush: 'true' },
            ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
            ImageTagMutabilityExclusionFilters: [
              {
                ImageTagMutabilityExclusionFilterType: 'WILDCARD',
                ImageTagMutabilityExclusionFilterValue: 'latest',
              },
            ],
            EncryptionConfiguration: { EncryptionType: 'AES256' },
            LifecyclePolicy: { LifecyclePolicyText: '{"rules":[]}' },
            RepositoryPolicyText: { Version: '2012-10-17' },
            Tags: [{ Key: 'team', Value: 'own' }],
          }),
        },
      },
      {
        Tags: [
          { Key: 'team', Value: 'stack' },
          { Key: 'app', Value: 'typerush' },
        ],
      },
    );
    expect(stack('S').status).toBe('CREATE_COMPLETE');
    expect(registry.repositories.get('typerush/api')).toEqual({
      settings: {
        encryptionConfiguration: { encryptionType: 'AES256' },
        imageScanningConfiguration: { scanOnPush: true },
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest' }],
      },
      lifecycle: '{"rules":[]}',
      policy: '{"Version":"2012-10-17"}',
      tags: [
        { Key: 'team', Value: 'own' },
        { Key: 'app', Value: 'typerush' },
      ],
    });
  });

  it('names what it does not emulate in the events and the log, and resolves its attributes', async () => {
    const warned: object[] = [];
    const log = {
      info: () => undefined,
      warn: (fields: object) => warned.push(fields),
      error: () => undefined,
    };
    const { create, stack, reasons } = await startCloudFormation({ log });
    await create('S', {
      Resources: {
        Role: role,
        Oidc: { Type: 'AWS::IAM::OIDCProvider', Properties: { Url: 'https://token.example.com' } },
        Odd: { Type: 'Custom::Thing', DependsOn: 'Role' },
      },
      Outputs: {
        Role: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } },
        Oidc: { Value: { Ref: 'Oidc' } },
        Odd: { Value: { 'Fn::GetAtt': ['Odd', 'Answer'] } },
      },
    });
    const outputs = Object.fromEntries(
      stack('S').current.outputs.map(({ key, value }) => [key, value]),
    );
    expect(outputs).toEqual({
      Role: expect.stringMatching(/^arn:aws:iam::000000000000:role\/S-Role-\w{12}$/),
      Oidc: 'arn:aws:iam::000000000000:oidc-provider/token.example.com',
      Odd: expect.stringMatching(/^S-Odd-\w{12}\.Answer$/),
    });
    expect(reasons('S')).toContain('Odd CREATE_COMPLETE recorded, not emulated');
    expect(warned).toContainEqual(
      expect.objectContaining({ type: 'Custom::Thing', reason: 'recorded, not emulated' }),
    );
  });

  it('rolls a failed creation back, and says why', async () => {
    const { create, stack, registry, reasons } = await startCloudFormation();
    await registry.createRepository({ repositoryName: 'taken' });
    await create('S', {
      Resources: {
        First: repository('first'),
        Second: repository('taken', {}, { DependsOn: 'First' }),
      },
    });
    expect(stack('S').status).toBe('ROLLBACK_COMPLETE');
    expect([...registry.repositories.keys()]).toEqual(['taken']);
    expect(reasons('S').find((line) => line.startsWith('Second CREATE_FAILED'))).toContain(
      `Resource handler returned message: "Resource of type 'AWS::ECR::Repository' with identifier 'taken' already exists."`,
    );
  });

  it('leaves a repository alone on rollback when it is retained', async () => {
    const { create, registry } = await startCloudFormation();
    registry.beforeChange = (operation, name) => {
      if (operation === 'createRepository' && name === 'second') throw new Error('disk full');
    };
    const resources = (policy: string) => ({
      Resources: {
        First: repository('first', {}, { DeletionPolicy: policy }),
        Second: repository('second', {}, { DependsOn: 'First' }),
      },
    });
    await create('A', resources('RetainExceptOnCreate'));
    expect([...registry.repositories.keys()]).toEqual([]);
    await create('B', resources('Retain'));
    expect([...registry.repositories.keys()]).toEqual(['first']);
  });

  it('replaces a repository whose name changes: the new one first, then the old one goes', async () => {
    const { create, update, stack, registry, reasons } = await startCloudFormation();
    await create('S', { Resources: { Repo: repository('old') } });
    await update('S', { Resources: { Repo: repository('new') } });
    expect(stack('S').status).toBe('UPDATE_COMPLETE');
    expect([...registry.repositories.keys()]).toEqual(['new']);
    const lines = reasons('S');
    expect(lines.findIndex((l) => l === 'Repo DELETE_COMPLETE')).toBeGreaterThan(
      lines.findIndex((l) => l.startsWith('Repo UPDATE_COMPLETE')),
    );
  });

  it('keeps the old repository of a replacement whose UpdateReplacePolicy is Retain', async () => {
    const { create, update, registry } = await startCloudFormation();
    const retained = { UpdateReplacePolicy: 'Retain' };
    await create('S', { Resources: { Repo: repository('old', {}, retained) } });
    await update('S', { Resources: { Repo: repository('new', {}, retained) } });
    expect([...registry.repositories.keys()].sort()).toEqual(['new', 'old']);
  });

  it('does not replace a named repository under its own name', async () => {
    const { create, update, stack, reasons } = await startCloudFormation();
    await create('S', { Resources: { Repo: repository('r') } });
    await update('S', {
      Resources: { Repo: repository('r', { EncryptionConfiguration: { EncryptionType: 'KMS' } }) },
    });
    expect(stack('S').status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reasons('S').join()).toContain('Rename r and update the stack S again.');
  });

  it('refuses properties that the type does not have', async () => {
    const { create, stack, registry, reasons } = await startCloudFormation();
    await create('S', { Resources: { Repo: repository('r', { ScanOnPush: true }) } });
    expect(stack('S').status).toBe('ROLLBACK_COMPLETE');
    expect(registry.repositories.size).toBe(0);
    expect(reasons('S').join()).toContain('extraneous key [ScanOnPush] is not permitted');
  });

  it('stops without going back when told so, and goes on or back later', async () => {
    const { create, update, stack, registry, call } = await startCloudFormation();
    await create('S', { Resources: { Repo: repository('r') } });
    const broken = {
      Resources: {
        Repo: repository('r', { Tags: [{ Key: 'k', Value: 'v' }] }),
        Bad: repository('b', { X: 1 }, { DependsOn: 'Repo' }),
      },
    };
    await update('S', broken, { DisableRollback: 'true' });
    expect(stack('S').status).toBe('UPDATE_FAILED');
    await expect(update('S', broken)).rejects.toThrow('is in UPDATE_FAILED state');
    await call('RollbackStack', { StackName: 'S' });
    expect(stack('S').status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(registry.repositories.get('r')?.tags).toEqual([]);
    expect(Object.keys(stack('S').current.resources)).toEqual(['Repo']);
  });

  it('makes only what its conditions ask for', async () => {
    const { create, update, registry } = await startCloudFormation();
    const template = {
      Parameters: { Env: { Type: 'String', Default: 'dev' } },
      Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] } },
      Resources: { A: repository('a'), B: repository('b', {}, { Condition: 'Prod' }) },
    };
    await create('S', template);
    expect([...registry.repositories.keys()]).toEqual(['a']);
    await update('S', template, { Parameters: [{ ParameterKey: 'Env', ParameterValue: 'prod' }] });
    expect([...registry.repositories.keys()]).toEqual(['a', 'b']);
    await update('S', template, { Parameters: [{ ParameterKey: 'Env', ParameterValue: 'dev' }] });
    expect([...registry.repositories.keys()]).toEqual(['a']);
  });
});

describe('deleting a stack', () => {
  const nonEmpty = async (properties: object) => {
    const started = await startCloudFormation();
    await started.create('S', {
      Resources: {
        Repo: repository('r', properties),
        Role: role,
        Kept: repository('kept', {}, { DeletionPolicy: 'Retain' }),
      },
    });
    started.registry.withImages.add('r');
    return started;
  };

  it('fails on a repository with images, and succeeds once it is empty', async () => {
    const { remove, stack, registry, reasons } = await nonEmpty({});
    await remove('S');
    expect(stack('S')).toMatchObject({
      status: 'DELETE_FAILED',
      statusReason: 'The following resource(s) failed to delete: [Repo]. ',
    });
    expect(reasons('S').join()).toContain('cannot be deleted because it still contains images');
    registry.withImages.clear();
    await remove('S');
    expect(stack('S').status).toBe('DELETE_COMPLETE');
    expect([...registry.repositories.keys()]).toEqual(['kept']);
  });

  it('leaves what is named to be retained after a failure', async () => {
    const { call, remove, stack, registry } = await nonEmpty({});
    await expect(
      call('DeleteStack', { StackName: 'S', RetainResources: ['Repo'] }),
    ).rejects.toThrow('only for stacks in the DELETE_FAILED state');
    await remove('S');
    await call('DeleteStack', { StackName: 'S', RetainResources: ['Repo'] });
    expect(stack('S').status).toBe('DELETE_COMPLETE');
    expect([...registry.repositories.keys()].sort()).toEqual(['kept', 'r']);
  });

  it('empties a repository that says EmptyOnDelete', async () => {
    const { remove, stack } = await nonEmpty({ EmptyOnDelete: true });
    await remove('S');
    expect(stack('S').status).toBe('DELETE_COMPLETE');
  });

  it('is refused under termination protection', async () => {
    const { call, remove, create, stack } = await startCloudFormation();
    await create('S', { Resources: { A: repository('a') } });
    await call('UpdateTerminationProtection', {
      StackName: 'S',
      EnableTerminationProtection: 'true',
    });
    await expect(remove('S')).rejects.toThrow('while TerminationProtection is enabled');
    expect(stack('S').status).toBe('CREATE_COMPLETE');
  });

  it('of a name that is not there succeeds', async () => {
    const { remove } = await startCloudFormation();
    await expect(remove('nope')).resolves.toBeUndefined();
  });
});

describe('exports', () => {
  const producer = (name: string, value: string) => ({
    Resources: { A: repository('a') },
    Outputs: { O: { Value: value, Export: { Name: name } } },
  });
  const consumer = {
    Resources: {
      B: repository('b', { Tags: [{ Key: 'k', Value: { 'Fn::ImportValue': 'shared' } }] }),
    },
  };

  it('reach the stacks that import them, and cannot be changed or removed meanwhile', async () => {
    const { create, update, remove, stack, registry, call } = await startCloudFormation();
    await create('P', producer('shared', 'v1'));
    await create('C', consumer);
    expect(registry.repositories.get('b')?.tags).toEqual([{ Key: 'k', Value: 'v1' }]);
    expect(await call('ListImports', { ExportName: 'shared' })).toMatchObject({ Imports: ['C'] });

    await update('P', producer('shared', 'v2'));
    expect(stack('P').status).toBe('UPDATE_ROLLBACK_COMPLETE');
    await update('P', { Resources: { A: repository('a') } });
    expect(stack('P').events.map(({ reason }) => reason)).toContainEqual(
      expect.stringContaining('Export shared cannot be deleted as it is in use by C'),
    );
    await remove('P');
    expect(stack('P').status).toBe('DELETE_FAILED');
    expect(registry.repositories.has('a')).toBe(true);
    await remove('C');
    await remove('P');
    expect(registry.repositories.size).toBe(0);
  });

  it('have one owner', async () => {
    const { create, stack } = await startCloudFormation();
    await create('P', producer('shared', 'v1'));
    await create('Q', {
      Resources: { B: repository('b') },
      Outputs: { O: { Value: 'x', Export: { Name: 'shared' } } },
    });
    expect(stack('Q').status).toBe('ROLLBACK_COMPLETE');
  });

  it('that nobody has made fail the importing resource', async () => {
    const { call, create } = await startCloudFormation();
    await expect(
      call('CreateChangeSet', {
        StackName: 'C',
        ChangeSetName: 'c',
        ChangeSetType: 'CREATE',
        TemplateBody: JSON.stringify(consumer),
      }),
    ).rejects.toThrow('No export named shared found.');
    await create('C', consumer);
  });
});
