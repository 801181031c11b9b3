import { templateFor } from './create-from-template';

const at = '2026-01-01T00:00:00Z';

describe('templateFor', () => {
  const template = (prefix: string, appliedFor: string[]) => ({
    prefix,
    appliedFor,
    createdAt: at,
    updatedAt: at,
  });

  it('takes the longest prefix among those for the action', () => {
    const templates = [
      template('ROOT', ['PULL_THROUGH_CACHE']),
      template('hub', ['REPLICATION', 'PULL_THROUGH_CACHE']),
      template('hub/library', ['REPLICATION']),
    ];
    expect(templateFor(templates, 'hub/library/node', 'PULL_THROUGH_CACHE')?.prefix).toBe('hub');
    expect(templateFor(templates, 'quay/app', 'PULL_THROUGH_CACHE')?.prefix).toBe('ROOT');
    expect(templateFor(templates, 'hub/library/node', 'REPLICATION')?.prefix).toBe('hub/library');
    expect(templateFor([], 'quay/app', 'PULL_THROUGH_CACHE')).toBeUndefined();
  });
});
