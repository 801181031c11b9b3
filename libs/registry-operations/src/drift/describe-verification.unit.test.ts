import { describeVerification } from './describe-verification';

const verification = { environment: 'dev', declared: 2, standing: 2 } as const;

describe('the table of drift', () => {
  it('has a row for each difference, long values cut, and says what to do', () => {
    const { text } = describeVerification({
      ...verification,
      drift: [
        { repository: 'team/a', property: 'scanOnPush', declared: true, standing: false },
        {
          repository: 'team/b',
          property: 'repositoryPolicy.Statement.Evil',
          declared: null,
          standing: { Effect: 'Allow', Principal: { AWS: ['*'] }, Action: ['ecr:*'], Sid: 'Evil' },
        },
      ],
    });
    expect(text.split('\n')).toEqual([
      'dev: 2 differences in 2 repositories',
      '  repository  property                         declared  standing',
      '  team/a      scanOnPush                       true      false',
      '  team/b      repositoryPolicy.Statement.Evil  -         {"Effect":"Allow","Principal":{"AWS":["*"]},"Action":["ec...',
      '',
      'Bring it to what is declared: nx run infra:deploy -c dev, with --revert-drift for what was changed past the stacks.',
      '',
    ]);
  });

  it('is one line where there is none', () => {
    const { text } = describeVerification({ ...verification, drift: [] });
    expect(text).toBe('no drift dev: 2 repositories as declared\n');
  });
});
