import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import {
  deployService,
  EcsServiceHost,
  EnvironmentImages,
  systemClock,
} from '@typerush/service-deployment';
import { dockerTasks, FakeEcs } from '@typerush/service-deployment/testing';
import { localCredentials, LocalRegistry } from './support/local-registry';
import { runOk } from './support/run';
import { WorkspaceCopy } from './support/workspace-copy';

const repository = 'typerush/game-service';
const name = { cluster: 'typerush-prod', service: 'game-service' };
const family = 'typerush-prod-game-service';
const server = ['/bin/busybox', 'httpd', '-f', '-p', '3000', '-h', '/www'];

/** Images by tag: a server of files that is ready, its next version, one that is never ready, and a program that ends. */
const images = {
  'v1.0.0': { files: ['health/ready'], command: server },
  'v1.1.0': { files: ['health/ready', 'new'], command: server },
  'never-ready': { files: ['health/live'], command: server },
  crashing: { files: ['health/ready'], command: ['/bin/busybox', 'false'] },
} as const;

describe('a deployment of images in ecr-local, whose tasks run in Docker', () => {
  let workspace: WorkspaceCopy;
  let registry: LocalRegistry;
  let folder: string;
  let ecs: FakeEcs;

  beforeAll(async () => {
    workspace = await WorkspaceCopy.create();
    registry = await LocalRegistry.start(workspace);
    folder = await mkdtemp(join(tmpdir(), 'images-'));
    await registry.createRepositories(repository);
    const { authorizationData } = await registry.ecr.send(new GetAuthorizationTokenCommand({}));
    const token = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64');
    const auth = token.toString('base64');
    await writeFile(
      join(folder, 'config.json'),
      JSON.stringify({ auths: { [`127.0.0.1:${registry.port}`]: { auth } } }),
      { mode: 0o600 },
    );
    for (const tag of Object.keys(images)) await pushImage(tag as keyof typeof images);
    ecs = await FakeEcs.start(name, dockerTasks({ ready: '/health/ready' }));
    await ecs.createService(ecs.declare(definitionOf((await find('v1.0.0')).uri)));
  });
  afterAll(async () => {
    await ecs?.stop();
    const tags = Object.keys(images).map(
      (tag) => `127.0.0.1:${registry?.port}/${repository}:${tag}`,
    );
    await runOk('docker', ['rmi', '--force', ...tags]).catch(() => undefined);
    if (folder) await rm(folder, { recursive: true });
    await registry?.stop();
    await workspace?.remove();
  });

  const docker = (...args: string[]) => runOk('docker', args, { env: { DOCKER_CONFIG: folder } });

  async function pushImage(tag: keyof typeof images): Promise<void> {
    const context = join(folder, tag);
    const { files, command } = images[tag];
    await mkdir(join(context, 'www/health'), { recursive: true });
    await copyFile('/usr/bin/busybox', join(context, 'busybox'));
    for (const file of files) await writeFile(join(context, 'www', file), tag);
    const lines = ['FROM scratch', 'COPY busybox /bin/busybox', 'COPY www /www'];
    const dockerfile = [...lines, 'EXPOSE 3000', `CMD ${JSON.stringify(command)}`, ''].join('\n');
    await writeFile(join(context, 'Dockerfile'), dockerfile);
    const reference = `127.0.0.1:${registry.port}/${repository}:${tag}`;
    await docker('build', '--quiet', '--tag', reference, context);
    await docker('push', '--quiet', reference);
  }

  const definitionOf = (image: string) => ({
    family,
    networkMode: 'awsvpc',
    containerDefinitions: [
      {
        name: 'game-service',
        image,
        user: '1000:1000',
        readonlyRootFilesystem: true,
        portMappings: [{ containerPort: 3000 }],
      },
    ],
  });

  async function find(tag: string) {
    const target = {
      endpoint: registry.url,
      region: 'ap-southeast-1',
      credentials: localCredentials,
    };
    const image = await new EnvironmentImages(target, 'prod').find(repository, { tag });
    if (!image) throw new Error(`there is no image with the tag ${tag}`);
    return image;
  }

  async function deploy(tag: string) {
    const { uri: image } = await find(tag);
    const host = new EcsServiceHost(ecs.target, name);
    const clock = { ...systemClock, sleep: () => systemClock.sleep(300) };
    const request = { service: 'game-service', environment: 'prod', image } as const;
    return deployService(host, { ...request, timeoutSeconds: 10, clock });
  }

  /** The images of the running tasks, as they were named. */
  const runningImages = async () => {
    const ids = (await docker('ps', '--quiet')).split('\n').filter(Boolean);
    const images = await docker('inspect', '--format', '{{.Config.Image}}', ...ids);
    return images.split('\n').filter((image) => image.startsWith(`127.0.0.1:${registry.port}/`));
  };

  it('runs a healthy image by its digest, and ends the former task', async () => {
    await expect(deploy('v1.1.0')).resolves.toMatchObject({ outcome: 'deployed' });
    expect(await runningImages()).toEqual([(await find('v1.1.0')).uri]);
    await expect(deploy('v1.1.0')).resolves.toMatchObject({ outcome: 'unchanged' });
  });

  it.each(['crashing', 'never-ready'])(
    'returns from a %s image to the one that ran, which serves all the time',
    async (tag) => {
      const before = await find('v1.1.0');
      await expect(deploy(tag)).rejects.toMatchObject({
        code: 'DEPLOYMENT_UNHEALTHY',
        rolledBackTo: before.uri,
      });
      expect(ecs.runningImage).toBe(before.uri);
      expect(await runningImages()).toContain(before.uri);
      await expect(deploy('v1.1.0')).resolves.toMatchObject({ outcome: 'unchanged' });
    },
  );
});
