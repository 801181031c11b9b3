import { type CdkOptions, type CdkSituation, planCdk } from './plan-cdk';

const options: CdkOptions = { command: 'deploy', environment: 'dev', force: false };
const situation: CdkSituation = {
  registry: { namespace: 'typerush', naming: 'shared' },
  variables: { PATH: '/bin', AWS_PROFILE: 'company', AWS_REGION: 'eu-central-1', EMPTY: undefined },
  region: 'eu-central-1',
  ecrLocalPort: 5100,
  interactive: false,
  node: '/opt/my node/bin/node',
};

function plan(changes: Partial<CdkOptions> = {}, other: Partial<CdkSituation> = {}) {
  return planCdk({ ...options, ...changes }, { ...situation, ...other });
}

describe('the CDK’s command line', () => {
  it('deploys every stack, several at a time, and asks nothing where nobody is there', () => {
    expect(plan().args).toEqual([
      'deploy',
      '--all',
      ...['--require-approval', 'never', '--progress', 'events', '--concurrency', '4'],
      ...['--app', '"/opt/my node/bin/node" --import tsx infra/src/main.ts'],
      ...['--context', 'environment=dev', '--output', 'dist/infra/dev'],
      ...['--no-notices', '--no-version-reporting', '--no-path-metadata', '--no-asset-metadata'],
    ]);
  });

  it('asks somebody who is there before it widens permissions, but not in local', () => {
    expect(plan({}, { interactive: true }).args).toContain('broadening');
    expect(plan({ environment: 'local' }, { interactive: true }).args).not.toContain('broadening');
  });

  it('sets back what was changed past the stacks where it is told to, and never as if in local', () => {
    expect(plan({ revertDrift: true }).args).toContain('--revert-drift');
    expect(plan().args).not.toContain('--revert-drift');
    expect(() => plan({ revertDrift: true, environment: 'local' })).toThrow(
      expect.objectContaining({ code: 'REVERT_DRIFT_UNSUPPORTED' }),
    );
  });

  it.each(['deploy', 'diff', 'synth', 'destroy'] as const)(
    'names one service’s stack for %s',
    (command) => {
      const { args } = plan({ command, environment: 'prod', service: 'game-service', force: true });
      expect(args.slice(0, 2)).toEqual([command, 'typerush-prod-registry-game-service']);
      expect(args).not.toContain('--all');
      expect(args).not.toContain('--exclusively');
    },
  );

  it('destroys without a question only when told to', () => {
    expect(plan({ command: 'destroy', force: true }).args).toContain('--force');
    expect(plan({ command: 'destroy', yes: true }).args).toContain('--force');
    expect(plan({ command: 'destroy' }, { interactive: true }).args).not.toContain('--force');
    expect(() => plan({ command: 'destroy', environment: 'staging' })).toThrow(
      expect.objectContaining({
        code: 'CONFIRMATION_NEEDED',
        message: expect.stringMatching(/staging.*--yes.*--force/),
      }),
    );
  });
});

describe('the CDK’s environment', () => {
  it('is the caller’s, for AWS', () => {
    const { env, localEndpoint } = plan();
    expect(env).toMatchObject({ PATH: '/bin', AWS_PROFILE: 'company', AWS_REGION: 'eu-central-1' });
    expect(env).not.toHaveProperty('EMPTY');
    expect(localEndpoint).toBeUndefined();
  });

  it('sends nothing home', () => {
    expect(plan().env).toMatchObject({
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CDK_DISABLE_VERSION_CHECK: '1',
    });
  });

  it('leads to ecr-local in local, and lets no account of the caller’s through', () => {
    const variables = {
      PATH: '/bin',
      AWS_PROFILE: 'company',
      AWS_SESSION_TOKEN: 'secret',
      AWS_ENDPOINT_URL_CLOUDFORMATION: 'https://elsewhere',
      NO_PROXY: 'corp',
    };
    const { env, localEndpoint } = plan(
      { environment: 'local' },
      { variables, ecrLocalPort: 5999, region: undefined },
    );
    expect(localEndpoint).toBe('http://127.0.0.1:5999');
    expect(
      Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('AWS_'))),
    ).toEqual({
      AWS_ENDPOINT_URL: 'http://127.0.0.1:5999',
      AWS_REGION: 'ap-southeast-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    expect(env).toMatchObject({
      PATH: '/bin',
      NO_PROXY: 'corp,127.0.0.1',
      no_proxy: 'corp,127.0.0.1',
    });
  });

  it('keeps the region that is set, in local too', () => {
    expect(plan({ environment: 'local' }).env['AWS_REGION']).toBe('eu-central-1');
  });

  it('needs no ecr-local to synthesize local', () => {
    expect(plan({ environment: 'local', command: 'synth' }).localEndpoint).toBeUndefined();
  });
});
