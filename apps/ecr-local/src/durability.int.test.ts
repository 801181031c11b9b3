import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  type ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { pushSample, sampleImage } from './test/sample-images';
import { type ServerProcess, startServerProcess } from './test/server-process';

const repositoryName = 'team/app';
let folder: string;
let running: ServerProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecr-local-'));
});
afterEach(async () => {
  await running?.kill();
  await rm(folder, { recursive: true });
});

const start = async () => (running = await startServerProcess(folder));

const tokenOf = async (client: ECRClient) => {
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
  return authorizationData?.[0]?.authorizationToken ?? '';
};

const sender = (url: string, token: string) => (path: string, init?: RequestInit) =>
  fetch(url + path, { ...init, headers: { authorization: `Basic ${token}`, ...init?.headers } });

/** Pushes one image after another until the server is gone, and prints each acknowledged tag. */
async function pushUntilItDies(
  push: (tag: string) => Promise<unknown>,
  prefix: string,
  acknowledge: (tag: string) => void,
): Promise<void> {
  for (let n = 0; ; n += 1) {
    const tag = `${prefix}-${n}`;
    try {
      await push(tag);
    } catch {
      return;
    }
    acknowledge(tag);
  }
}

describe('a server that is killed while three clients push', () => {
  it('has every image that it acknowledged when it runs again, and takes the same token', async () => {
    const first = await start();
    await first.client.send(new CreateRepositoryCommand({ repositoryName }));
    const token = await tokenOf(first.client);
    const acknowledged: string[] = [];
    const push = (tag: string) => pushSample(sender(first.url, token), repositoryName, tag);
    let death: Promise<void> | undefined;
    const acknowledge = (tag: string) => {
      acknowledged.push(tag);
      if (acknowledged.length >= 20) death ??= first.kill();
    };
    await Promise.all(['a', 'b', 'c'].map((prefix) => pushUntilItDies(push, prefix, acknowledge)));
    await death;
    expect(acknowledged.length).toBeGreaterThanOrEqual(20);

    const second = await start();
    const send = sender(second.url, token);
    for (const tag of acknowledged) {
      const { manifest, layer, config } = sampleImage(tag);
      const pulled = await send(`/v2/${repositoryName}/manifests/${tag}`);
      expect(Buffer.from(await pulled.arrayBuffer())).toEqual(manifest.bytes);
      for (const blob of [layer, config]) {
        const got = await send(`/v2/${repositoryName}/blobs/${blob.digest}`);
        expect(Buffer.from(await got.arrayBuffer())).toEqual(blob.bytes);
      }
    }
    const { imageDetails } = await second.client.send(
      new DescribeImagesCommand({ repositoryName, maxResults: 1000 }),
    );
    expect(imageDetails?.every(({ imageTags }) => imageTags?.length === 1)).toBe(true);
    await expect(pushSample(send, repositoryName, 'after')).resolves.toBeDefined();
  }, 60_000);
});
