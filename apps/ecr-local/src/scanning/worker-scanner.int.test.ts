import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateRepositoryCommand,
  DescribeImageScanFindingsCommand,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { startServerProcess, type ServerProcess } from '../test/server-process';
import { debianFiles, pushFiles, writeAdvisories } from '../test/scanned-images';

const repositoryName = 'team/app';
const imageId = { imageTag: 'v1' };

let folder: string;
let server: ServerProcess;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scans-'));
});
afterEach(async () => {
  await server.kill();
  await rm(folder, { recursive: true, force: true });
});

const start = async () => {
  const advisories = await writeAdvisories(join(folder, 'advisories'));
  server = await startServerProcess(join(folder, 'data'), {
    variables: { ECR_LOCAL_ADVISORIES: advisories },
  });
};

const send = async (path: string, init?: RequestInit) => {
  const { authorizationData } = await server.client.send(new GetAuthorizationTokenCommand({}));
  const authorization = `Basic ${authorizationData?.[0]?.authorizationToken}`;
  return fetch(`${server.url}${path}`, { ...init, headers: { authorization, ...init?.headers } });
};

const scanned = async () => {
  for (;;) {
    const find = new DescribeImageScanFindingsCommand({ repositoryName, imageId });
    const found = await server.client.send(find);
    if (found.imageScanStatus?.status !== 'IN_PROGRESS') return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const push = async (files: Parameters<typeof pushFiles>[3]) => {
  const imageScanningConfiguration = { scanOnPush: true };
  await server.client.send(
    new CreateRepositoryCommand({ repositoryName, imageScanningConfiguration }),
  );
  return pushFiles(send, repositoryName, 'v1', files);
};

describe('a scan in a worker thread', () => {
  it('completes after a kill at any moment of it', async () => {
    await start();
    await push(debianFiles());
    for (const delayMs of [0, 300]) {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await server.kill();
      await start();
    }
    expect(await scanned()).toMatchObject({
      imageScanStatus: { status: 'COMPLETE' },
      imageScanFindings: { findingSeverityCounts: { CRITICAL: 1, LOW: 1 } },
    });
  }, 300_000);

  it('does not hold up requests while it parses a large file', async () => {
    await start();
    const component = '{"purl":"pkg:npm/a@1.0.0"},';
    const components = component.repeat(Math.floor((30 * 1024 * 1024) / component.length));
    const sbom = `{"bomFormat":"CycloneDX","components":[${components.slice(0, -1)}]}`;
    await push({ ...debianFiles(), 'app.cdx.json': sbom });
    let [slowest, count] = [0, 0];
    let isRunning = true;
    const begin = performance.now();
    while (isRunning) {
      const before = performance.now();
      await (await fetch(`${server.url}/health/live`)).text();
      slowest = Math.max(slowest, performance.now() - before);
      count += 1;
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (count % 20 === 0) {
        const find = new DescribeImageScanFindingsCommand({ repositoryName, imageId });
        isRunning = (await server.client.send(find)).imageScanStatus?.status === 'IN_PROGRESS';
      }
    }
    const scanMs = performance.now() - begin;
    expect((await scanned()).imageScanStatus).toMatchObject({ status: 'COMPLETE' });
    // In the main thread one request waits for more than half of the scan, however fast the machine is.
    expect(slowest).toBeLessThan(scanMs / 4);
  }, 300_000);
});
