import { repository, startCloudFormation } from '../test/cloudformation-harness';

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

  it('that do not exist fail the importing resource', async () => {
    const { call, create, stack, reasons } = await startCloudFormation();
    await expect(
      call('CreateChangeSet', {
        StackName: 'C',
        ChangeSetName: 'c',
        ChangeSetType: 'CREATE',
        TemplateBody: JSON.stringify(consumer),
      }),
    ).rejects.toThrow('No export named shared found.');
    await create('C', consumer);
    expect(stack('C').status).toBe('ROLLBACK_COMPLETE');
    expect(reasons('C').join()).toContain(
      'B CREATE_FAILED Template error: No export named shared found.',
    );
  });
});
