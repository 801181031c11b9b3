import { mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ECRClient,
  paginateDescribeRepositories,
  paginateListImages,
} from '@aws-sdk/client-ecr';
import { imagesLoad, bytesOf } from './test/kill-loads/images';
import { type KillLoad, type Life } from './test/kill-loads/kill-load';
import { replicaRegion, replicasLoad } from './test/kill-loads/replicas';
import { scansLoad } from './test/kill-loads/scans';
import { stacksLoad } from './test/kill-loads/stacks';
import { writeAdvisories } from './test/scanned-images';
import { clientOf, type ServerProcess, startServerProcess, tokenOf } from './test/server-process';

/** README, Development: how to run it with 200. */
const kills = Number(process.env['ECR_LOCAL_KILLS'] ?? 3);
/** A life ends after one to this many acknowledged changes, while others go on. */
const changesOfLife = 25;

const loads: readonly KillLoad[] = [replicasLoad(), imagesLoad(), scansLoad(), stacksLoad()];
const acknowledged = () => loads.reduce((sum, load) => sum + load.acknowledged(), 0);

let folder: string;
let data: string;
let running: ServerProcess | undefined;
let token: string | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecr-local-kills-'));
  data = join(folder, 'data');
  await writeAdvisories(join(folder, 'advisories'));
});
afterAll(async () => {
  await running?.kill();
  await rm(folder, { recursive: true });
});

async function start(): Promise<Life> {
  const server = await startServerProcess(data, {
    program: process.env['ECR_LOCAL_PROGRAM'],
    variables: { ECR_LOCAL_ADVISORIES: join(folder, 'advisories') },
  });
  running = server;
  // The same in each life.
  token ??= await tokenOf(server.client);
  const authorization = `Basic ${token}`;
  return {
    ...server,
    send: (path, init) =>
      fetch(server.url + path, { ...init, headers: { authorization, ...init?.headers } }),
  };
}

let names = 0;
const nameOf = (kind: string) => `${kind}-${(names += 1)}`;

/** Runs one task after another until the server is killed. */
async function untilKilled(killed: AbortSignal, task: () => Promise<unknown>) {
  while (!killed.aborted) {
    try {
      await task();
    } catch (error) {
      if (killed.aborted) return;
      throw error;
    }
  }
}

async function liveUntilKilled(life: Life) {
  const killing = new AbortController();
  const tasks = loads.flatMap((load) => load.tasks(life, nameOf));
  const all = Promise.all(tasks.map((task) => untilKilled(killing.signal, task)));
  const target = acknowledged() + Math.ceil(Math.random() * changesOfLife);
  while (acknowledged() < target) await Promise.race([sleep(5), all]);
  await Promise.race([sleep(Math.random() * 30), all]);
  killing.abort();
  await life.kill();
  await all;
}

/** The files of blobs and uploads. */
async function storedFiles(): Promise<{ readonly name: string; readonly path: string }[]> {
  const files = ['blobs', 'uploads'].map(async (root) => {
    const options = { recursive: true, withFileTypes: true } as const;
    // It may have been killed before it made the folder.
    const entries = await readdir(join(data, root), options).catch(() => []);
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

const descriptors = /"digest":"(sha256:[0-9a-f]{64})"/g;

/** The digests of all images, and of what their manifests name. */
async function knownDigests({ url }: Life): Promise<Set<string>> {
  const known = new Set<string>();
  for (const region of ['ap-southeast-1', replicaRegion]) {
    const client = clientOf(url, region);
    const headers = { authorization: `Basic ${await tokenOf(client)}` };
    for (const [repository, digest] of await imagesOf(client)) {
      const send = (path: string) => fetch(url + path, { headers });
      const manifest = await bytesOf(send, `/v2/${repository}/manifests/${digest}`);
      known.add(digest);
      for (const [, named = ''] of manifest.toString().matchAll(descriptors)) known.add(named);
    }
    client.destroy();
  }
  return known;
}

async function imagesOf(client: ECRClient): Promise<[repository: string, digest: string][]> {
  const images: [string, string][] = [];
  for await (const { repositories = [] } of paginateDescribeRepositories({ client }, {})) {
    for (const { repositoryName = '' } of repositories) {
      for await (const { imageIds = [] } of paginateListImages({ client }, { repositoryName })) {
        images.push(
          ...imageIds.map(({ imageDigest = '' }): [string, string] => [
            repositoryName,
            imageDigest,
          ]),
        );
      }
    }
  }
  return images;
}

/** Blobs, uploads and scans that belong to no image. */
async function orphans(known: ReadonlySet<string>): Promise<string[]> {
  const files = (await storedFiles()).filter(({ name }) => !known.has(`sha256:${name}`));
  const scans = ['image-scans', 'image-scan-findings'].map(async (collection) => {
    const root = join(data, 'documents', collection);
    const texts = (await readdir(root)).map((name) => readFile(join(root, name), 'utf8'));
    const keys = (await Promise.all(texts)).map(
      (text) => (JSON.parse(text) as { key: string }).key,
    );
    return keys.filter((key) => !known.has(key.split(' ')[1] ?? ''));
  });
  return [...files.map(({ path }) => path), ...(await Promise.all(scans)).flat()];
}

describe(`a server that is killed ${kills} times while images are pushed, pulled, deleted, expired, scanned, replicated and collected, and stacks deployed`, () => {
  it(
    'loses nothing that it acknowledged, has nothing torn, and no orphan after a collection',
    async () => {
      const first = await start();
      for (const load of loads) await load.prepare(first);
      await liveUntilKilled(first);
      for (let life = 2; life <= kills; life += 1) {
        // The next life begins with a collection and with what was interrupted. A kill may interrupt that too.
        await age();
        if (life % 4 === 0) {
          const short = await start();
          await sleep(Math.random() * 20);
          await short.kill();
          continue;
        }
        const next = await start();
        for (const load of loads) await load.check(next);
        await liveUntilKilled(next);
      }
      await age();
      const last = await start();
      for (const load of loads) await load.check(last);
      const known = await knownDigests(last);
      for (let n = 0; n < 100 && (await orphans(known)).length > 0; n += 1) await sleep(100);
      expect(await orphans(known)).toEqual([]);
      const summary = loads.map((load) => load.summary()).join(', ');
      process.stderr.write(`${kills} kills, ${summary}: nothing lost\n`);
    },
    60_000 + kills * 30_000,
  );
});
