import { createMemoryDocuments } from '../../storage/memory/memory-storage';
import { repository, startCloudFormation } from '../test/cloudformation-harness';

const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } };

describe('deploying a stack', () => {
  it('creates real repositories with all properties of the template', async () => {
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

  it('rolls back a failed creation, and reports the reason', async () => {
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

  it('does not change a repository that was created outside the stack in the meantime', async () => {
    const { create, stack, registry } = await startCloudFormation();
    registry.beforeChange = (operation, name) => {
      if (operation === 'createRepository')
        registry.repositories.set(name, { settings: {}, tags: [] });
    };
    await create('S', { Resources: { Repo: repository('r') } });
    expect(stack('S').status).toBe('ROLLBACK_COMPLETE');
    expect(registry.repositories.has('r')).toBe(true);
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

  it('stops without a rollback if disabled, and can continue or roll back later', async () => {
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

  it('goes back to the last good state after several failed tries', async () => {
    const { create, update, stack, registry, call } = await startCloudFormation();
    const bad = repository('bad', { X: 1 }, { DependsOn: 'Repo' });
    await create('S', { Resources: { Repo: repository('good') } });
    for (const name of ['try-1', 'try-2']) {
      await update(
        'S',
        { Resources: { Repo: repository(name), Bad: bad } },
        { DisableRollback: 'true' },
      );
    }
    expect(stack('S').status).toBe('UPDATE_FAILED');
    await call('RollbackStack', { StackName: 'S' });
    expect(stack('S').status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([...registry.repositories.keys()]).toEqual(['good']);
  });

  it('creates only resources whose condition is true', async () => {
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

  it('writes tags again when only the tags of the stack change', async () => {
    const { create, update, stack, registry } = await startCloudFormation();
    const template = { Resources: { Repo: repository('r'), Role: role } };
    await create('S', template, { Tags: [{ Key: 'a', Value: '1' }] });
    await update('S', template, { Tags: [{ Key: 'b', Value: '2' }] });
    expect(stack('S').status).toBe('UPDATE_COMPLETE');
    expect(registry.repositories.get('r')?.tags).toEqual([{ Key: 'b', Value: '2' }]);
  });

  it('can skip what was deleted by hand when it rolls back', async () => {
    const { create, update, stack, registry, call } = await startCloudFormation();
    await create('S', { Resources: { Repo: repository('r') } });
    registry.repositories.clear();
    await update('S', {
      Resources: { Repo: repository('r', { ImageTagMutability: 'IMMUTABLE' }) },
    });
    expect(stack('S').status).toBe('UPDATE_ROLLBACK_FAILED');
    await call('ContinueUpdateRollback', { StackName: 'S', ResourcesToSkip: ['Repo'] });
    expect(stack('S').status).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('never reveals the value of a NoEcho parameter', async () => {
    const { create, stack, call } = await startCloudFormation();
    const template = {
      Parameters: { Secret: { Type: 'String', NoEcho: true } },
      Resources: { P: { Type: 'AWS::SSM::Parameter', Properties: { Value: { Ref: 'Secret' } } } },
    };
    await create('S', template, {
      Parameters: [{ ParameterKey: 'Secret', ParameterValue: 'hunter2' }],
    });
    expect(stack('S').status).toBe('CREATE_COMPLETE');
    const change = { StackName: 'S', ChangeSetName: 'c' };
    await call('CreateChangeSet', {
      ...change,
      TemplateBody: JSON.stringify(template),
      Parameters: [{ ParameterKey: 'Secret', ParameterValue: 'hunter3' }],
    });
    const answers = [
      await call('DescribeStacks', { StackName: 'S' }),
      await call('DescribeStackEvents', { StackName: 'S' }),
      await call('DescribeChangeSet', { ...change, IncludePropertyValues: 'true' }),
    ];
    expect(JSON.stringify(answers)).not.toContain('hunter');
  });
});

describe('a stack whose change could not be written', () => {
  it('is stable after the next change, as it is after a restart', async () => {
    const documents = createMemoryDocuments();
    let writes = Infinity;
    const put: typeof documents.put = (...all) => {
      writes -= 1;
      return writes >= 0 ? documents.put(...all) : Promise.reject(new Error('no space left'));
    };
    const { create, remove, stack, registry } = await startCloudFormation({
      documents: { ...documents, put },
    });
    const template = { Resources: { A: repository('a'), B: repository('b') } };
    const outcomes: string[] = [];
    for (const written of [0, 1, 2, 3]) {
      writes = written;
      await expect(create('S', template)).rejects.toThrow('no space left');
      writes = Infinity;
      await create('Other', { Resources: { C: repository('c') } });
      outcomes.push(`${stack('S').status} ${[...registry.repositories.keys()].sort().join()}`);
      const restarted = await startCloudFormation({ documents, registry });
      expect(restarted.stack('S').status).toBe(stack('S').status);
      await remove('S');
      await remove('Other');
    }
    const rolledBack = 'ROLLBACK_COMPLETE c';
    // Only the last write, that of its completion, was missing.
    expect(outcomes).toEqual([rolledBack, rolledBack, rolledBack, 'CREATE_COMPLETE a,b,c']);
  });
});
