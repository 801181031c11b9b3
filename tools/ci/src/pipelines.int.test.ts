import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  deploymentNames,
  type Environment,
  environments,
  parseRegistryConfig,
} from '@typerush/image-registry';
import { readYaml, workspaceRoot } from '../test/workspace';

interface Buildspec {
  readonly version: number;
  readonly env: Record<string, unknown>;
  readonly phases: Record<string, Record<string, unknown> & { commands?: string[] }>;
  readonly artifacts: Record<string, unknown>;
  readonly cache: { paths: string[] };
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Record<string, unknown>;
  readonly env?: Record<string, string>;
  readonly 'continue-on-error'?: boolean;
}

interface Workflow {
  readonly on: {
    push: { branches: string[] };
    workflow_dispatch: {
      inputs: { environment: { options: Environment[]; default: Environment } };
    };
  };
  readonly permissions: Record<string, string>;
  readonly concurrency: Record<string, unknown>;
  readonly env: Record<string, string>;
  readonly jobs: Record<string, Record<string, unknown> & { steps: Step[] }>;
}

const buildspec = readYaml('buildspec.yml') as Buildspec;
const workflow = readYaml('.github/workflows/deliver.yml') as Workflow;
const commands = buildspec.phases['build']?.commands ?? [];
const job = workflow.jobs['push'];
const steps = job?.steps ?? [];

const scripts = [
  'tools/ci/affected-base.sh',
  'tools/ci/verify-affected.sh',
  'tools/ci/push-affected.sh',
  'tools/ci/scan-affected.sh',
  'tools/ci/src/gather-images.ts',
  'tools/ci/record-commit.sh',
];

/** The scripts of this folder that a pipeline calls, in the order of the calls. */
const called = (lines: readonly string[]) =>
  lines.flatMap((line) => line.match(/tools\/ci\/[\w./-]+/g) ?? []);

describe.each([
  ['buildspec.yml', called(commands), 'buildspec.yml'],
  ['the workflow', called(steps.flatMap(({ run }) => run ?? [])), '.github/workflows/deliver.yml'],
])('%s', (_, calls, file) => {
  it('finds the base, verifies, pushes, scans, gathers, and records the commit last', () => {
    // The workflow has a concurrency group; CodeBuild has no queue.
    const queued = file === 'buildspec.yml' ? ['tools/ci/await-earlier-builds.sh'] : [];
    expect(calls).toEqual([...queued, ...scripts]);
  });

  it('calls scripts that exist and are executable', async () => {
    for (const script of calls) {
      const mode = script.endsWith('.sh') ? constants.X_OK : constants.R_OK;
      await expect(access(path.join(workspaceRoot, script), mode)).resolves.toBeUndefined();
    }
  });

  it('contains no secret and no account', async () => {
    const text = await readFile(path.join(workspaceRoot, file), 'utf8');
    expect(text).not.toMatch(/AKIA|ASIA|SECRET_ACCESS_KEY|PASSWORD|secrets\.|\b\d{12}\b/);
    expect(text).not.toMatch(/docker login|get-login-password/);
  });

  it('installs only packages of the lock file', async () => {
    const text = await readFile(path.join(workspaceRoot, file), 'utf8');
    expect(text).toMatch(/- (run: )?npm ci\n/);
    expect(text).not.toMatch(/npm (i|install)\b/);
  });
});

describe('buildspec.yml', () => {
  it('ends at a failed command, without phases that run regardless', () => {
    expect(buildspec.phases['build']).toMatchObject({ 'on-failure': 'ABORT' });
    expect(Object.keys(buildspec.phases)).toEqual(['install', 'build']);
    for (const phase of Object.values(buildspec.phases))
      expect(phase).not.toHaveProperty('finally');
  });

  it('hands the base to the verification, the push and the scan', () => {
    expect(commands.slice(1, 5)).toEqual([
      'BASE=$(tools/ci/affected-base.sh)',
      'tools/ci/verify-affected.sh "$BASE"',
      'tools/ci/push-affected.sh "$BASE"',
      'tools/ci/scan-affected.sh "$BASE"',
    ]);
    expect(buildspec.env).toMatchObject({ shell: 'bash' });
  });

  it('waits for earlier builds before it looks for the last commit', () => {
    expect(commands[0]).toBe('tools/ci/await-earlier-builds.sh');
  });

  it('leaves environment, engine and parameter to the project', () => {
    const { variables } = buildspec.env as { variables: Record<string, string> };
    expect(Object.keys(variables)).toEqual(['CI', 'NX_CACHE_DIRECTORY', 'NX_DAEMON', 'NX_TUI']);
  });

  it('caches the folder of the bundles', () => {
    const { variables } = buildspec.env as { variables: Record<string, string> };
    const directory = variables['NX_CACHE_DIRECTORY'];
    expect(buildspec.cache.paths).toContain(`${directory}/**/*`);
    expect(workflow.env['NX_CACHE_DIRECTORY']).toBe(directory);
  });

  it('uses a Node version that the workspace supports', () => {
    expect(buildspec.phases['install']?.['runtime-versions']).toEqual({ nodejs: 22 });
  });

  it('keeps the files that deploy actions read, a folder for each service', () => {
    expect(buildspec.artifacts).toEqual({ 'base-directory': 'dist/delivery', files: ['**/*'] });
  });

  it('caches packages, base images and bundles, but no results of a push', () => {
    expect(buildspec.cache.paths).toEqual([
      '/root/.npm/**/*',
      '/root/.cache/typerush/oci/**/*',
      '.nx/cache/**/*',
      '.nx/workspace-data/**/*',
    ]);
  });
});

describe('the workflow', () => {
  const chosen = "${{ inputs.environment || 'dev' }}";

  it('has only the permissions to get a token and to read the source', () => {
    expect(workflow.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(job).not.toHaveProperty('permissions');
  });

  it('runs one delivery at a time for an environment, and cancels none', () => {
    expect(workflow.concurrency).toEqual({
      group: `deliver-${chosen}`,
      'cancel-in-progress': false,
    });
  });

  it('delivers to the environments on AWS, by default to dev', () => {
    const { environment } = workflow.on.workflow_dispatch.inputs;
    expect(environment.options).toEqual(environments.filter((each) => each !== 'local'));
    expect(environment.default).toBe('dev');
    expect(workflow.env['ENVIRONMENT']).toBe(chosen);
    expect(workflow.on.push.branches).toEqual(['main']);
  });

  it('reads the parameter that the infrastructure deploys', async () => {
    const text = await readFile(path.join(workspaceRoot, 'registry.json'), 'utf8');
    const { parameterPath } = deploymentNames(parseRegistryConfig(text, 'registry.json'), 'dev');
    expect(workflow.env['LAST_COMMIT_PARAMETER']?.replace(chosen, 'dev')).toBe(
      `${parameterPath}/last-commit`,
    );
  });

  it('has its role by its environment on GitHub, which may demand an approval', () => {
    expect(job?.['environment']).toMatch(
      /_ROLE_ARN_.*'\{0\}-push' \|\| '\{0\}', inputs\.environment \|\| 'dev'\) \}\}$/,
    );
    const credentials = steps.find(({ uses }) => uses?.startsWith('aws-actions/'));
    expect(Object.keys(credentials?.with ?? {})).toEqual([
      'aws-region',
      'role-to-assume',
      'role-session-name',
    ]);
  });

  it('checks out the whole history, without a token in it', () => {
    expect(steps[0]).toMatchObject({
      uses: expect.stringMatching(/^actions\/checkout@/),
      with: { 'fetch-depth': 0, 'persist-credentials': false },
    });
  });

  it('stops at the step that failed, and records the commit only if no release follows', () => {
    for (const step of steps) {
      if (step.run?.includes('record-commit')) expect(step.if).toBe("env.MOVING_TAGS == 'push'");
      else expect(step).not.toHaveProperty('if');
      expect(step).not.toHaveProperty('continue-on-error');
    }
  });

  it('passes the base to the push', () => {
    const push = steps.find(({ run }) => run?.includes('push-affected'));
    expect(push).toMatchObject({
      run: 'tools/ci/push-affected.sh "$BASE"',
      env: { BASE: '${{ steps.last.outputs.base }}' },
    });
  });

  it('lists the pushed images in its summary', () => {
    expect(steps.some(({ run }) => run?.includes('summary.md >>"$GITHUB_STEP_SUMMARY"'))).toBe(
      true,
    );
  });
});

describe('the deployment in both pipelines', () => {
  const deployspec = readYaml('deployspec.yml') as Buildspec;
  const deploy = workflow.jobs['deploy'];
  const roleOf = (of: readonly Step[]) =>
    of.find(({ uses }) => uses?.startsWith('aws-actions/'))?.with?.['role-to-assume'];

  const order = [
    'tools/ci/release-images.sh',
    'tools/ci/record-commit.sh',
    'tools/ci/deploy-services.sh',
  ];

  it('moves the moving tags, records the commit, and deploys', () => {
    const { commands = [], ...phase } = deployspec.phases['build'] ?? {};
    expect(phase).toEqual({ 'on-failure': 'ABORT' });
    expect(called(commands)).toEqual(order);
    expect(called(deploy?.steps.flatMap(({ run }) => run ?? []) ?? [])).toEqual(order);
  });

  it('has what the push gathered', () => {
    const artifactOf = (of: readonly Step[], action: string) =>
      of.find(({ uses }) => uses?.startsWith(`actions/${action}-artifact@`))?.with;
    expect(artifactOf(deploy?.steps ?? [], 'download')).toEqual(artifactOf(steps, 'upload'));
    expect(deployspec.phases['build']?.commands?.[0]).toMatch(
      /^DELIVERY=\$CODEBUILD_SRC_DIR_Images /,
    );
  });

  it('follows the push and its gates, in the environment on GitHub that may demand an approval', () => {
    expect(deploy).toMatchObject({
      needs: 'push',
      environment: "${{ inputs.environment || 'dev' }}",
    });
  });

  it('has a role of its own, which is not that of the push', () => {
    expect(roleOf(deploy?.steps ?? [])).toMatch(/AWS_DEPLOY_ROLE_ARN_/);
    expect(roleOf(steps)).not.toMatch(/DEPLOY/);
  });

  it('is skipped where no services run', () => {
    expect(deploy?.['if']).toMatch(/AWS_DEPLOY_ROLE_ARN_.* != ''/);
  });

  it('stops at the step that failed', () => {
    for (const step of deploy?.steps ?? []) {
      expect(step).not.toHaveProperty('if');
      expect(step).not.toHaveProperty('continue-on-error');
    }
  });
});

describe('the targets that both call', () => {
  it('exist for every service and environment, with an option for the engine', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [require.resolve('nx/bin/nx.js'), 'show', 'project', 'game-service', '--json'],
      { cwd: workspaceRoot, env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' } },
    );
    const { targets } = JSON.parse(stdout) as {
      targets: Record<string, { executor: string; configurations: Record<string, unknown> }>;
    };
    const push = targets['docker-push'];
    expect(push?.executor).toBe('@typerush/nx-ecr:docker-push');
    expect(Object.keys(push?.configurations ?? {})).toEqual([...environments]);
    const schema = JSON.parse(
      await readFile(
        path.join(workspaceRoot, 'tools/nx-ecr/src/targets/docker-push/schema.json'),
        'utf8',
      ),
    );
    expect(schema.properties.engine.enum).toEqual(expect.arrayContaining(['oci', 'docker']));
  }, 120_000);
});
