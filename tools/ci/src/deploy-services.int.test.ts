import path from 'node:path';
import { Sandbox } from '../test/sandbox';

const script = path.join(__dirname, '../deploy-services.sh');
const digest = `sha256:${'0a'.repeat(32)}`;

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.create();
});
afterEach(() => sandbox.remove());

const run = (env: Readonly<Record<string, string>> = {}) =>
  sandbox.run(script, [], { ENVIRONMENT: 'prod', ...env });

/** The bash script of an `npx` that lists two services, deploys record-service, and does this with game-service. */
const npx = (deploy: string, rollback = 'exit 0') => `
mkdir -p dist
case "$*" in
  *"show projects"*) printf 'game-service\\nrecord-service\\n' ;;
  *game-service:docker-deploy*) ${deploy} ;;
  *docker-rollback*) ${rollback} ;;
esac`;
const rolledBack = `echo '{"service":"game-service","digest":"${digest}","outcome":"rolled back"}' >dist/deployment.json; exit 1`;

const deployOf = (service: string) =>
  `nx run ${service}:docker-deploy -c prod --outputFile=dist/deployment.json --output-style=static`;

describe('deploy-services.sh', () => {
  it('deploys each service after the other', async () => {
    await sandbox.program('npx', npx('exit 0'));
    expect(await run()).toMatchObject({ code: 0 });
    expect((await sandbox.calls('npx')).slice(1)).toEqual([
      deployOf('game-service'),
      deployOf('record-service'),
    ]);
  });

  it('deploys only the services that run, if they are named', async () => {
    await sandbox.program('npx', npx('exit 0'));
    await run({ SERVICES: 'record-service' });
    expect(await sandbox.calls('npx')).toEqual([deployOf('record-service')]);
  });

  it('returns the moving tag to the image that runs after a rollback, and deploys the others', async () => {
    await sandbox.program('npx', npx(rolledBack));
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toContain('Not deployed to prod: game-service.');
    expect((await sandbox.calls('npx')).slice(1)).toEqual([
      deployOf('game-service'),
      `nx run game-service:docker-rollback -c prod --digest=${digest} --yes --output-style=static`,
      deployOf('record-service'),
    ]);
  });

  it('moves no tag after a failure without a rollback, such as missing permissions', async () => {
    await sandbox.program('npx', npx('exit 1'));
    expect(await run()).toMatchObject({ code: 1 });
    expect((await sandbox.calls('npx')).join('\n')).not.toContain('docker-rollback');
  });

  it('does not take the result of one service for that of the next', async () => {
    const other = `case "$*" in *record-service:docker-deploy*) exit 1 ;; esac`;
    await sandbox.program('npx', `${npx(rolledBack)}\n${other}`);
    expect(await run()).toMatchObject({ code: 1 });
    const rollbacks = (await sandbox.calls('npx')).filter((call) => /docker-rollback/.test(call));
    expect(rollbacks).toHaveLength(1);
  });

  it('reports a moving tag that could not be moved back', async () => {
    await sandbox.program('npx', npx(rolledBack, 'exit 1'));
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toContain('still points to the image that failed');
  });

  it('fails without ENVIRONMENT', async () => {
    expect(await sandbox.run(script)).toMatchObject({ code: 1 });
  });
});
