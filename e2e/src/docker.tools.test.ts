import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { Container } from './support/container';
import { imageTree } from './support/image-tree';
import { LocalRegistry } from './support/local-registry';
import { run, runOk } from './support/run';
import { WorkspaceCopy } from './support/workspace-copy';

const secret = () => randomBytes(32).toString('hex');

/** What each service has to be told to become ready. */
const services = {
  'game-service': () => ({ SESSION_SECRET: secret() }),
  'record-service': () => ({
    SERVICE_TOKEN: secret(),
    DATABASE_URL: process.env.TEST_DATABASE_URL ?? '',
  }),
} as const;
type Service = keyof typeof services;
const names = Object.keys(services) as Service[];

describe('images in the hands of a real Docker', () => {
  let workspace: WorkspaceCopy;
  let registry: LocalRegistry;
  let dockerConfig: string;
  const containers: Container[] = [];

  beforeAll(async () => {
    if (!process.env.TEST_DATABASE_URL) {
      throw new Error('TEST_DATABASE_URL is not set: record-service needs a PostgreSQL');
    }
    workspace = await WorkspaceCopy.create();
    registry = await LocalRegistry.start(workspace);
    await workspace.nxOk(['run', 'infra:deploy:local'], registry.env);
    dockerConfig = await mkdtemp(join(tmpdir(), 'docker-config-'));
    await logIn();
  });
  afterAll(async () => {
    for (const container of containers) await container.remove();
    if (dockerConfig) await rm(dockerConfig, { recursive: true });
    await registry?.stop();
    await workspace?.remove();
  });

  const logIn = async () => {
    const { authorizationData } = await registry.ecr.send(new GetAuthorizationTokenCommand({}));
    const token = authorizationData?.[0]?.authorizationToken ?? '';
    const [username = '', input] = Buffer.from(token, 'base64').toString().split(':');
    await runOk(
      'docker',
      [
        '--config',
        dockerConfig,
        'login',
        '--username',
        username,
        '--password-stdin',
        registry.url.replace('http://', ''),
      ],
      { input },
    );
  };

  const reference = (service: Service, digest: string) =>
    `127.0.0.1:${registry.port}/typerush/${service}@${digest}`;

  /** Builds and pushes with one engine. @returns the image in the registry, no longer known to Docker */
  const ship = async (service: Service, engine: string): Promise<string> => {
    await workspace.nxOk(
      ['run', `${service}:docker-push:local`, `--engine=${engine}`],
      registry.env,
    );
    const file = workspace.path('dist/images', service, 'push.json');
    const { digest } = JSON.parse(await readFile(file, 'utf8')) as { digest: string };
    const local = await runOk('docker', [
      'images',
      '--all',
      '--quiet',
      '--filter',
      `reference=*/*${service}`,
      '--filter',
      `reference=*/*/*${service}`,
    ]);
    const ids = [...new Set(local.split('\n').filter(Boolean))];
    if (ids.length > 0) await runOk('docker', ['rmi', '--force', ...ids]);
    return reference(service, digest);
  };

  const pull = async (image: string) => {
    expect((await run('docker', ['image', 'inspect', image])).code).not.toBe(0);
    await runOk('docker', ['--config', dockerConfig, 'pull', '--quiet', image]);
  };

  const cases = (['docker', 'oci'] as const).flatMap((engine) =>
    names.map((service) => ({ engine, service })),
  );
  const shipped = new Map<string, string>();

  it.each(cases)(
    '$service from the $engine engine becomes healthy as a non-root user',
    async (it) => {
      const image = await ship(it.service, it.engine);
      await pull(image);
      shipped.set(`${it.engine} ${it.service}`, image);
      const container = await Container.start(image, services[it.service]());
      containers.push(container);
      await container.untilHealthy();
      expect((await fetch(`${container.url}/health/ready`)).status).toBe(200);
      expect(await container.uid()).toBe(1000);
      expect(await container.stop()).toBe(0);
    },
  );

  it.each(names)('%s has the same runtime files, whichever engine built it', async (service) => {
    const trees = [];
    for (const engine of ['docker', 'oci']) {
      trees.push(await imageTree(shipped.get(`${engine} ${service}`) ?? '', '/app'));
    }
    expect(trees[1]).toEqual(trees[0]);
    expect(trees[0]?.join('\n')).toContain('main.js');
  });

  it.each(cases)('$service from the $engine engine carries the OCI labels', async (it) => {
    const image = shipped.get(`${it.engine} ${it.service}`) ?? '';
    const labels = await runOk('docker', ['inspect', '--format', '{{json .Config.Labels}}', image]);
    expect(JSON.parse(labels)).toMatchObject({
      'org.opencontainers.image.title': it.service,
      'org.opencontainers.image.source': 'https://github.com/typerush/typerush',
      'org.opencontainers.image.version': '0.1.0',
    });
  });

  it.each(names)('%s with no configuration names every variable it lacks', async (service) => {
    const image = shipped.get(`oci ${service}`) ?? '';
    const { code, output } = await run('docker', ['run', '--rm', '--network=none', image]);
    expect(code).toBe(1);
    for (const name of Object.keys(services[service]())) expect(output).toContain(name);
  });

  it('a push of what stands there already uploads nothing', async () => {
    const before = await registry.images('typerush/game-service');
    for (const engine of ['docker', 'oci']) {
      await workspace.nxOk(
        ['run', 'game-service:docker-push:local', `--engine=${engine}`],
        registry.env,
      );
    }
    const after = await registry.images('typerush/game-service');
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
  });
});
