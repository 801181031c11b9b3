import { type CdkOptions, type CdkRunContext, planCdk, planRunStack } from './plan-cdk';

const options: CdkOptions = { command: 'deploy', environment: 'dev', force: false };
const context: CdkRunContext = {
  registry: { namespace: 'typerush', naming: 'shared' },
  variables: { PATH: '/bin', AWS_PROFILE: 'company', AWS_REGION: 'eu-central-1', EMPTY: undefined },
  region: 'eu-central-1',
  ecrLocalPort: 5100,
  interactive: false,
  node: '/opt/my node/bin/node',
};

function plan(changes: Partial<CdkOptions> = {}, other: Partial<CdkRunContext> = {}) {
  return planCdk({ ...options, ...changes }, { ...context, ...other });
}

describe('args of planCdk', () => {
  it('deploy all stacks but the services, several at a time, without a prompt if there is no terminal', () => {
    expect(plan().args).toEqual([
      'deploy',
      '!typerush-dev-run*',
      ...['--progress', 'events', '--require-approval', 'never', '--concurrency', '4'],
      ...['--app', '"/opt/my node/bin/node" --import tsx infra/src/main.ts'],
      ...['--context', 'environment=dev', '--output', 'dist/infra/dev'],
      ...['--no-notices', '--no-version-reporting', '--no-path-metadata', '--no-asset-metadata'],
    ]);
  });

  it('destroy all stacks, also that of the services', () => {
    expect(plan({ command: 'destroy', force: true }).args).toContain('--all');
  });

  it('prompt before broader permissions in a terminal, but not for local', () => {
    expect(plan({}, { interactive: true }).args).toContain('broadening');
    expect(plan({ environment: 'local' }, { interactive: true }).args).not.toContain('broadening');
  });

  it('revert drift only if requested', () => {
    for (const environment of ['dev', 'local'] as const) {
      expect(plan({ environment, revertDrift: true }).args).toContain('--revert-drift');
      expect(plan({ environment }).args).not.toContain('--revert-drift');
    }
  });

  it.each(['deploy', 'diff', 'synth', 'destroy'] as const)(
    'name the stack of one service for %s',
    (command) => {
      const { args } = plan({ command, environment: 'prod', service: 'game-service', force: true });
      expect(args.slice(0, 2)).toEqual([command, 'typerush-prod-registry-game-service']);
      expect(args).not.toContain('--all');
      expect(args).not.toContain('--exclusively');
    },
  );

  it('destroy without a prompt only with --yes or --force', () => {
    expect(plan({ command: 'destroy', force: true }).args).toContain('--force');
    expect(plan({ command: 'destroy', yes: true }).args).toContain('--force');
    expect(plan({ command: 'destroy' }, { interactive: true }).args).not.toContain('--force');
    expect(() => plan({ command: 'destroy', environment: 'staging' })).toThrow(
      expect.objectContaining({
        code: 'CONFIRMATION_NEEDED',
        message: expect.stringMatching(/staging[^]*Nothing was deleted[^]*--yes[^]*--force/),
      }),
    );
  });
});

describe('planRunStack', () => {
  const digest = `sha256:${'0a'.repeat(32)}`;
  const digests = new Map([['game-service', digest]]);

  it('deploys the stack of the services as it was synthesized, with a digest for each', () => {
    const { args, localEndpoint } = planRunStack({ environment: 'prod' }, digests, context);
    expect(args.slice(0, 2)).toEqual(['deploy', 'typerush-prod-run*']);
    expect(args).toEqual(expect.arrayContaining(['--app', 'dist/infra/prod']));
    expect(args).toEqual(
      expect.arrayContaining(['--parameters', `typerush-prod-run:GameServiceDigest=${digest}`]),
    );
    expect(localEndpoint).toBeUndefined();
  });

  it('uses ecr-local for local, and never the variables of the caller', () => {
    const { env, localEndpoint } = planRunStack({ environment: 'local' }, digests, context);
    expect(localEndpoint).toBe('http://127.0.0.1:5100');
    expect(env).toMatchObject({ AWS_ACCESS_KEY_ID: 'local' });
    expect(env).not.toHaveProperty('AWS_PROFILE');
  });
});

describe('env of planCdk', () => {
  it('is the environment of the caller for AWS', () => {
    const { env, localEndpoint } = plan();
    expect(env).toMatchObject({ PATH: '/bin', AWS_PROFILE: 'company', AWS_REGION: 'eu-central-1' });
    expect(env).not.toHaveProperty('EMPTY');
    expect(localEndpoint).toBeUndefined();
  });

  it('has the region of the environment, also if the variables have another one', () => {
    const region = 'sa-east-1';
    expect(plan({}, { region }).env).toMatchObject({
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_PROFILE: 'company',
    });
    expect(plan({ environment: 'local' }, { region }).env).toMatchObject({ AWS_REGION: region });
  });

  it('leaves the region to the profile if nothing else sets it', () => {
    const variables = { AWS_PROFILE: 'company' };
    expect(plan({}, { region: undefined, variables }).env).not.toHaveProperty('AWS_REGION');
  });

  it('disables telemetry', () => {
    expect(plan().env).toMatchObject({
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CDK_DISABLE_VERSION_CHECK: '1',
    });
  });

  it('selects ecr-local for local, without the AWS variables of the caller', () => {
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

  it('keeps the region, also for local', () => {
    expect(plan({ environment: 'local' }).env['AWS_REGION']).toBe('eu-central-1');
  });

  it('does not need ecr-local to synthesize local', () => {
    expect(plan({ environment: 'local', command: 'synth' }).localEndpoint).toBeUndefined();
  });
});
