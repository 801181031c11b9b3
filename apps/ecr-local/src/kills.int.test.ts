import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  GetAuthorizationTokenCommand,
  paginateDescribeImages,
  PutLifecyclePolicyCommand,
} from '@aws-sdk/client-ecr';
import { digestOf } from './storage/digest';
import { pushSample, sampleImage } from './test/sample-images';
import { type ServerProcess, startServerProcess } from './test/server-process';

/** README, Development: how to run it with 200. */
const kills = Number(process.env['ECR_LOCAL_KILLS'] ?? 3);
/** A life ends after one to this many acknowledged pushes, while others go on. */
const pushesOfLife = 8;

const pushed = 'team/pushed';
const expiring = 'team/expiring';
let folder: string;
let running: ServerProcess | undefined;
let token: string;

/** By the tag of an image: what was acknowledged, or requested and never answered. */
type Fate = 'pushing' | 'pushed' | 'deleting' | 'deleted';
const fates = new Map<string, Fate>();
const withFate = (...of: Fate[]) => [...fates].filter(([, fate]) => of.includes(fate));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecr-local-kills-'));
});
afterAll(async () => {
  await running?.kill();
  await rm(folder, { recursive: true });
});

const send = (path: string, init?: RequestInit) =>
  fetch(`${running?.url}${path}`, {
    ...init,
    headers: { authorization: `Basic ${token}`, ...init?.headers },
  });

async function start(): Promise<ServerProcess> {
  running = await startServerProcess(folder, { program: process.env['ECR_LOCAL_PROGRAM'] });
  return running;
}

async function prepare({ client }: ServerProcess) {
  for (const repositoryName of [pushed, expiring]) {
    await client.send(new CreateRepositoryCommand({ repositoryName }));
  }
  const lifecyclePolicyText = JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: 'Keep the last three images, whatever their tags are',
        selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 3 },
        action: { type: 'expire' },
      },
    ],
  });
  const policy = { repositoryName: expiring, lifecyclePolicyText };
  await client.send(new PutLifecyclePolicyCommand(policy));
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
  token = authorizationData?.[0]?.authorizationToken ?? '';
}

/** Runs one task after another until the server is killed. */
async function untilKilled(killed: AbortSignal, task: () => Promise<unknown>) {
  while (!killed.aborted) {
    try {
      await task();
    } catch {
      return;
    }
  }
}

function load(life: number, { client, url }: ServerProcess, killed: AbortSignal): Promise<unknown> {
  let images = 0;
  const nextTag = (kind: string) => `${kind}-${life}-${(images += 1)}`;
  const push = async () => {
    const tag = nextTag('p');
    fates.set(tag, 'pushing');
    await pushSample(send, pushed, tag);
    fates.set(tag, 'pushed');
  };
  const pull = async () => {
    const [[tag] = ['']] = withFate('pushed').slice(-1);
    if (tag !== '') await expectWhole(pushed, tag);
    await sleep(1);
  };
  const remove = async () => {
    const [oldest, ...others] = withFate('pushed');
    if (oldest && others.length > 10) {
      const [imageTag] = oldest;
      fates.set(imageTag, 'deleting');
      const request = { repositoryName: pushed, imageIds: [{ imageTag }] };
      await client.send(new BatchDeleteImageCommand(request));
      fates.set(imageTag, 'deleted');
    }
    await sleep(20);
  };
  const runLifecycle = async () => {
    const headers = { 'content-type': 'application/json' };
    await fetch(`${url}/_local/lifecycle`, { method: 'POST', headers, body: '{}' });
    await sleep(10);
  };
  const tasks = [push, push, pull, remove, runLifecycle];
  return Promise.all([
    ...tasks.map((task) => untilKilled(killed, task)),
    untilKilled(killed, () => pushSample(send, expiring, nextTag('e'))),
  ]);
}

async function bytesOf(path: string): Promise<Buffer | number> {
  const response = await send(path);
  return response.status === 200 ? Buffer.from(await response.arrayBuffer()) : response.status;
}

async function expectWhole(repository: string, tag: string): Promise<void> {
  const { manifest, layer, config } = sampleImage(tag);
  expect(await bytesOf(`/v2/${repository}/manifests/${tag}`)).toEqual(manifest.bytes);
  for (const blob of [layer, config]) {
    expect(await bytesOf(`/v2/${repository}/blobs/${blob.digest}`)).toEqual(blob.bytes);
  }
}

async function tagsOf({ client }: ServerProcess, repositoryName: string): Promise<string[]> {
  const tags: string[] = [];
  for await (const page of paginateDescribeImages({ client }, { repositoryName })) {
    for (const { imageTags = [] } of page.imageDetails ?? []) {
      expect(imageTags).toHaveLength(1);
      tags.push(...imageTags);
    }
  }
  return tags;
}

/** Nothing acknowledged is lost or back again, and everything that is there is whole. */
async function check(server: ServerProcess) {
  const present = await tagsOf(server, pushed);
  const expected = withFate('pushed').map(([tag]) => tag);
  expect(expected.filter((tag) => !present.includes(tag))).toEqual([]);
  const gone = withFate('deleted').map(([tag]) => tag);
  expect(gone.filter((tag) => present.includes(tag))).toEqual([]);
  for (const tag of present) await expectWhole(pushed, tag);
  for (const tag of await tagsOf(server, expiring)) await expectWhole(expiring, tag);
  // What was never answered may be either.
  for (const [tag] of withFate('pushing', 'deleting')) {
    fates.set(tag, present.includes(tag) ? 'pushed' : 'deleted');
  }
}

/** The files of blobs and uploads. */
async function storedFiles(): Promise<{ readonly name: string; readonly path: string }[]> {
  const files = ['blobs', 'uploads'].map(async (root) => {
    const options = { recursive: true, withFileTypes: true } as const;
    // It may have been killed before it made the folder.
    const entries = await readdir(join(folder, root), options).catch(() => []);
    return entries
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }) => ({ name, path: join(parentPath, name) }));
  });
  return (await Promise.all(files)).flat();
}

/** Collection takes what is older than a day. */
async function age() {
  const old = new Date(Date.now() - 2 * 24 * 3600 * 1000);
  for (const { path } of await storedFiles()) await utimes(path, old, old);
}

/** The names of files that no image has. */
async function orphans(server: ServerProcess): Promise<string[]> {
  const known = new Set<string>();
  for (const repository of [pushed, expiring]) {
    for (const tag of await tagsOf(server, repository)) {
      const { manifest, layer, config } = sampleImage(tag);
      for (const { bytes } of [manifest, layer, config]) known.add(digestOf(bytes).slice(7));
    }
  }
  return (await storedFiles()).map(({ name }) => name).filter((name) => !known.has(name));
}

describe(`a server that is killed ${kills} times during pushes, pulls, deletions, lifecycle runs and collections`, () => {
  it(
    'loses nothing that it acknowledged, has no torn image, and no orphan after a collection',
    async () => {
      await prepare(await start());
      for (let life = 1; life <= kills; life += 1) {
        const server = running ?? (await start());
        const killing = new AbortController();
        const loads = load(life, server, killing.signal);
        const acknowledged = withFate('pushed', 'deleting', 'deleted').length;
        const target = acknowledged + Math.ceil(Math.random() * pushesOfLife);
        while (withFate('pushed', 'deleting', 'deleted').length < target) await sleep(5);
        await sleep(Math.random() * 30);
        killing.abort();
        await server.kill();
        await loads;
        // The next life begins with a collection, which the next kill may interrupt.
        await age();
        await check(await start());
      }
      expect(withFate('pushed').length).toBeGreaterThan(0);
      await running?.kill();
      await age();
      const last = await start();
      for (let n = 0; n < 100 && (await orphans(last)).length > 0; n += 1) await sleep(100);
      expect(await orphans(last)).toEqual([]);
      process.stderr.write(
        `${kills} kills, ${fates.size} images, ${withFate('pushed').length} present: nothing lost\n`,
      );
    },
    60_000 + kills * 30_000,
  );
});
