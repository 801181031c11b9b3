import { unsetMembers } from './unset-members';

describe('the members that a service leaves unset', () => {
  it('are those that the SDK’s documentation names', () => {
    expect(unsetMembers('DescribeImages', 'ImageDetail').sort()).toEqual([
      'imageScanFindingsSummary',
      'imageScanStatus',
    ]);
    expect(unsetMembers('DescribeRepositories', 'Repository')).toEqual([]);
  });
});
