import { repository, startCloudFormation } from '../test/cloudformation-harness';

const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } };

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

  it('deletes each resource before what it depends on, and keeps what a failed one needs', async () => {
    const { create, remove, registry, reasons } = await startCloudFormation();
    const resources = {
      Base: repository('base'),
      User: repository('user', {}, { DependsOn: 'Base' }),
      Other: repository('other'),
    };
    await create('S', { Resources: resources });
    registry.withImages.add('user');
    await remove('S');
    expect([...registry.repositories.keys()].sort()).toEqual(['base', 'user']);
    registry.withImages.clear();
    await remove('S');
    const deleted = reasons('S').filter((line) => / DELETE_COMPLETE/.test(line));
    expect(deleted).toEqual(['Other', 'User', 'Base', 'S'].map((id) => `${id} DELETE_COMPLETE`));
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

  it('empties a repository with EmptyOnDelete', async () => {
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

  it('gives up on what cannot be deleted when it is forced', async () => {
    const { call, remove, stack, registry } = await nonEmpty({});
    await remove('S');
    await call('DeleteStack', { StackName: 'S', DeletionMode: 'FORCE_DELETE_STACK' });
    expect(stack('S').status).toBe('DELETE_COMPLETE');
    expect(registry.repositories.has('r')).toBe(true);
  });

  it('follows a failed creation that requested it', async () => {
    const { create, stack, registry } = await startCloudFormation();
    const template = {
      Resources: { A: repository('a'), B: repository('b', { X: 1 }, { DependsOn: 'A' }) },
    };
    await create('S', template, { OnFailure: 'DELETE' });
    expect(stack('S').status).toBe('DELETE_COMPLETE');
    expect(registry.repositories.size).toBe(0);
  });
});
