import { describeDrift } from './describe-drift';

const report = { environment: 'dev', declared: 2, actual: 2 } as const;

describe('describeDrift', () => {
  it('has a row for each difference, with long values shortened, and a remedy', () => {
    const { text } = describeDrift({
      ...report,
      drift: [
        { repository: 'team/a', property: 'scanOnPush', declared: true, actual: false },
        {
          repository: 'team/b',
          property: 'repositoryPolicy.Statement.Evil',
          declared: null,
          actual: { Effect: 'Allow', Principal: { AWS: ['*'] }, Action: ['ecr:*'], Sid: 'Evil' },
        },
      ],
    });
    expect(text.split('\n')).toEqual([
      'dev: 2 differences in 2 repositories',
      '  repository  property                         declared  actual',
      '  team/a      scanOnPush                       true      false',
      '  team/b      repositoryPolicy.Statement.Evil  -         {"Effect":"Allow","Principal":{"AWS":["*"]},"Action":["ec...',
      '',
      'Fix: nx run infra:deploy -c dev; add --revert-drift to undo changes made outside the stacks.',
      '',
    ]);
  });

  it('is one line if there is no drift', () => {
    const { text } = describeDrift({ ...report, drift: [] });
    expect(text).toBe('no drift dev: 2 repositories as declared\n');
  });
});
