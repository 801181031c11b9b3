import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { Container } from './support/container';
import { imageTree } from './support/image-tree';
import { LocalRegistry } from './support/local-registry';
import { run, runOk } from './support/run';
import { requireNpmRegistry } from './support/npm';
import { WorkspaceCopy } from './support/workspace-copy';

const secret = () => randomBytes(32).toString('hex');

/** The variables that each service needs to become ready. */
const services = {
  'game-service': () => ({ SESSION_SECRET: secret() }),
  'record-service': () => ({
    SERVICE_TOKEN: secret(),
    DATABASE_URL: process.env.TEST_DATABASE_URL ?? '',
  }),
} as const;
type Service = keyof typeof services;
const names = Object.keys(services) as Service[];

describe('Docker with the images of both engines', () => {
  let workspace: WorkspaceCopy;
  let registry: LocalRegistry;
  let dockerConfig: string;
  const containers: Container[] = [];

  beforeAll(async () => {
    if (!process.env.TEST_DATABASE_URL) {
      throw new Error('TEST_DATABASE_URL is not set: record-service needs PostgreSQL');
    }
    await requireNpmRegistry();
    workspace = await WorkspaceCopy.create();
    registry = await LocalRegistry.start(workspace);
    await registry.createRepositories(...names.map((service) => `typerush/${service}`));
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

  /** Builds and pushes with one engine. @returns the image in the registry */
  const ship = async (service: Service, engine: string): Promise<string> => {
    await workspace.nxOk(
      ['run', `${service}:docker-push:local`, `--engine=${engine}`],
      registry.env,
    );
    const file = workspace.path('dist/images', service, 'push.json');
    const { digest } = JSON.parse(await readFile(file, 'utf8')) as { digest: string };
    return reference(service, digest);
  };

  /** Removes every image of the service from Docker's own store, except those of other suites' registries. */
  const forget = async (service: Service) => {
    const format = '{{.Repository}} {{.ID}}';
    const listed = (await runOk('docker', ['images', '--all', '--format', format])).split('\n');
    const isOwn = (line: string) =>
      line.includes(service) &&
      (!line.startsWith('127.0.0.1:') || line.startsWith(`127.0.0.1:${registry.port}/`));
    const ids = listed.filter(isOwn).map((line) => line.split(' ')[1]);
    for (const id of new Set(ids)) await runOk('docker', ['rmi', '--force', id ?? '']);
  };

  const isKnown = async (image: string) =>
    (await run('docker', ['image', 'inspect', image])).code === 0;

  const pull = async (image: string) => {
    if (await isKnown(image)) return;
    await runOk('docker', ['--config', dockerConfig, 'pull', '--quiet', image]);
  };

  const cases = (['docker', 'oci'] as const).flatMap((engine) =>
    names.map((service) => ({ engine, service })),
  );
  const shipped = new Map<string, string>();

  it.each(cases)(
    'starts $service of the $engine engine as a non-root user, and it becomes healthy',
    async (it) => {
      const image = await ship(it.service, it.engine);
      await forget(it.service);
      expect(await isKnown(image)).toBe(false);
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

  it.each(names)('finds the same files in %s of both engines', async (service) => {
    const trees = [];
    for (const engine of ['docker', 'oci']) {
      const image = shipped.get(`${engine} ${service}`) ?? '';
      await pull(image);
      trees.push(await imageTree(image, '/app'));
    }
    expect(trees[1]).toEqual(trees[0]);
    expect(trees[0]?.join('\n')).toContain('main.js');
  });

  it.each(cases)('finds the OCI labels in $service of the $engine engine', async (it) => {
    const image = shipped.get(`${it.engine} ${it.service}`) ?? '';
    await pull(image);
    const labels = await runOk('docker', ['inspect', '--format', '{{json .Config.Labels}}', image]);
    expect(JSON.parse(labels)).toMatchObject({
      'org.opencontainers.image.title': it.service,
      'org.opencontainers.image.source': 'https://github.com/typerush/typerush',
      'org.opencontainers.image.version': '0.1.0',
    });
  });

  it.each([
    { service: 'game-service', env: {}, name: 'SESSION_SECRET' },
    { service: 'record-service', env: {}, name: 'SERVICE_TOKEN' },
    { service: 'record-service', env: { SERVICE_TOKEN: secret() }, name: 'DATABASE_URL' },
  ] as const)(
    'sees $service exit with an error that names the missing $name',
    async ({ service, env, name }) => {
      const image = shipped.get(`oci ${service}`) ?? '';
      await pull(image);
      const names = Object.keys(env).flatMap((variable) => ['--env', variable]);
      const args = ['run', '--rm', '--network=none', ...names, image];
      const { code, output } = await run('docker', args, { env });
      expect(code).toBe(1);
      expect(output).toContain(`${name} is not set`);
      expect(output).not.toMatch(/^\s+at /m);
    },
  );

  it.each(['docker', 'oci'])(
    'leaves images and tags unchanged at a second push of the %s engine',
    async (engine) => {
      await ship('game-service', engine);
      const before = await registry.images('typerush/game-service');
      await ship('game-service', engine);
      expect(await registry.images('typerush/game-service')).toEqual(before);
    },
  );
});
