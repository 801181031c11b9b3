import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  DescribeImageScanFindingsCommand,
  paginateDescribeImageScanFindings,
  PutRegistryScanningConfigurationCommand,
  StartImageScanCommand,
  UpdateImageStorageClassCommand,
  waitUntilImageScanComplete,
} from '@aws-sdk/client-ecr';
import { sampleAdvisory } from '@typerush/image-scanning/testing';
import { createMemoryStorage } from '../storage/memory/memory-storage';
import { type LocalServer, startLocalServer } from '../test/local-server';
import { imageType, indexType, putManifest, sampleBlob } from '../test/sample-images';
import { debianFiles, pushFiles, scannerIn, writeAdvisories } from '../test/scanned-images';
import { type Scanner } from './scanner';

const repositoryName = 'team/app';
const imageId = { imageTag: 'v1' };

let folder: string;
let server: LocalServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'advisories-'));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Parameters<typeof startLocalServer>[0] = {}, scanOnPush = true) {
  server = await startLocalServer({
    scanner: scannerIn(await writeAdvisories(folder)),
    ...options,
  });
  await server.client.send(
    new CreateRepositoryCommand({ repositoryName, imageScanningConfiguration: { scanOnPush } }),
  );
}

const push = (files: Parameters<typeof pushFiles>[3] = debianFiles()) =>
  pushFiles(server.v2, repositoryName, 'v1', files);
const find = (further: { maxResults?: number; nextToken?: string } = {}) =>
  server.client.send(new DescribeImageScanFindingsCommand({ repositoryName, imageId, ...further }));
const startScan = () => server.client.send(new StartImageScanCommand({ repositoryName, imageId }));
const scanAs = (
  scanType: 'BASIC' | 'ENHANCED',
  scanFrequency?: 'SCAN_ON_PUSH' | 'CONTINUOUS_SCAN' | 'MANUAL',
) =>
  server.client.send(
    new PutRegistryScanningConfigurationCommand({
      scanType,
      rules: scanFrequency
        ? [{ scanFrequency, repositoryFilters: [{ filter: 'team/*', filterType: 'WILDCARD' }] }]
        : [],
    }),
  );

async function scanned() {
  for (;;) {
    const found = await find();
    if (!['IN_PROGRESS', 'PENDING'].includes(found.imageScanStatus?.status ?? '')) return found;
  }
}

const inRepository = { repositoryName };

describe('basic scanning', () => {
  it('scans on push, and reports packages of the operating system', async () => {
    await start();
    await push();
    expect(await scanned()).toMatchObject({
      imageScanStatus: { status: 'COMPLETE', description: 'The scan was completed successfully.' },
      imageScanFindings: {
        findingSeverityCounts: { CRITICAL: 1, LOW: 1 },
        vulnerabilitySourceUpdatedAt: new Date('2026-01-02T00:00:00Z'),
        findings: [
          {
            name: 'CVE-2026-0001',
            severity: 'CRITICAL',
            uri: 'https://advisories.example/DEBIAN-CVE-2026-0001',
            attributes: [
              { key: 'package_name', value: 'openssl' },
              { key: 'package_version', value: '3.0.11-1~deb12u2' },
              { key: 'CVSS3_SCORE', value: '9.8' },
              { key: 'CVSS3_VECTOR', value: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' },
            ],
          },
          { name: 'CVE-2026-0002', severity: 'LOW' },
        ],
      },
    });
  });

  it('satisfies the waiter of the SDK', async () => {
    await start();
    await push();
    const waited = await waitUntilImageScanComplete(
      { client: server.client, maxWaitTime: 50, minDelay: 1 },
      { repositoryName, imageId },
    );
    expect(waited.state).toBe('SUCCESS');
  });

  it('pages findings, the most severe first', async () => {
    await start();
    await push();
    await scanned();
    const names: (string | undefined)[] = [];
    const pages = paginateDescribeImageScanFindings(
      { client: server.client, pageSize: 1 },
      { repositoryName, imageId },
    );
    let count = 0;
    for await (const page of pages) {
      count += 1;
      names.push(...(page.imageScanFindings?.findings ?? []).map(({ name }) => name));
    }
    expect([count, names]).toEqual([2, ['CVE-2026-0001', 'CVE-2026-0002']]);
    await expect(find({ nextToken: 'x' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('does not scan on push unless it is set, then on request', async () => {
    await start({}, false);
    await push();
    await expect(find()).rejects.toMatchObject({ name: 'ScanNotFoundException' });
    expect(await startScan()).toMatchObject({ imageScanStatus: { status: 'IN_PROGRESS' } });
    expect(await scanned()).toMatchObject({ imageScanStatus: { status: 'COMPLETE' } });
  });

  it('scans on push by a filter of the registry, which has precedence over the repository', async () => {
    await start({}, false);
    await scanAs('BASIC', 'SCAN_ON_PUSH');
    await push();
    expect(await scanned()).toMatchObject({ imageScanStatus: { status: 'COMPLETE' } });
  });

  it('is not repeated within 24 hours', async () => {
    await start();
    await push();
    await scanned();
    server.passHours(23.9);
    await expect(startScan()).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'The scan quota per image has been exceeded. Wait and try again.',
    });
    server.passHours(0.2);
    await startScan();
    expect(await scanned()).toMatchObject({ imageScanStatus: { status: 'COMPLETE' } });
  });

  it('reports findings of advisories that were added before the next scan', async () => {
    await start();
    await push();
    await scanned();
    const added = sampleAdvisory({ id: 'CVE-2026-0009', ecosystem: 'Debian:12', package: 'zlib' });
    await writeAdvisories(folder, [added]);
    server.passHours(25);
    await startScan();
    expect((await scanned()).imageScanFindings?.findingSeverityCounts).toMatchObject({
      UNDEFINED: 1,
    });
  });

  it.each([
    ['without an operating system', { a: 'x' }, 'The image has no os-release'],
    ['with an unsupported one', { 'etc/os-release': 'ID=plan9' }, '"plan9" is not supported'],
    [
      'of a release without advisories',
      { 'etc/os-release': 'ID=debian\nVERSION_ID=13' },
      'no advisories of Debian:13',
    ],
  ])('fails for an image %s, and says why', async (_, files, reason) => {
    await start();
    await push(files);
    const { imageScanStatus, imageScanFindings } = await scanned();
    expect(imageScanStatus).toEqual({
      status: 'FAILED',
      description: expect.stringMatching(new RegExp(`^UnsupportedImageError: .*${reason}`)),
    });
    expect(imageScanFindings).toBeUndefined();
  });

  it('names an advisory that it could not evaluate', async () => {
    await start();
    const ranges = [{ type: 'CALVER', events: [{ introduced: '0' }] }];
    const unknown = sampleAdvisory({
      id: 'CVE-2026-0004',
      ecosystem: 'Debian:12',
      package: 'zlib',
      affected: { ranges },
    });
    await writeAdvisories(folder, [unknown]);
    await push();
    expect((await scanned()).imageScanStatus?.description).toContain(
      'not evaluated: CVE-2026-0004 for zlib 1:1.2.13.dfsg-1: unknown range type "CALVER"',
    );
  });

  it('rejects an image index, which has no layers', async () => {
    await start();
    const digest = await push();
    const child = { mediaType: imageType, digest, size: 1 };
    const index = sampleBlob(
      JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [child] }),
    );
    await putManifest(server.v2, repositoryName, 'index', index, indexType);
    const imageId = { imageTag: 'index' };
    await expect(
      server.client.send(new StartImageScanCommand({ repositoryName, imageId })),
    ).rejects.toMatchObject({ name: 'UnsupportedImageTypeException' });
    await expect(
      server.client.send(new DescribeImageScanFindingsCommand({ repositoryName, imageId })),
    ).rejects.toMatchObject({ name: 'ScanNotFoundException' });
  });

  it('does not scan an archived image', async () => {
    await start();
    await push();
    await scanned();
    await server.client.send(
      new UpdateImageStorageClassCommand({
        repositoryName,
        imageId,
        targetStorageClass: 'ARCHIVE',
      }),
    );
    await expect(startScan()).rejects.toMatchObject({ name: 'ImageArchivedException' });
    expect(await find()).toMatchObject({ imageScanStatus: { status: 'IMAGE_ARCHIVED' } });
  });

  it('forgets the scan of a deleted image', async () => {
    await start();
    const digest = await push();
    await scanned();
    await server.client.send(
      new BatchDeleteImageCommand({ ...inRepository, imageIds: [{ imageDigest: digest }] }),
    );
    await server.client.send(
      new PutRegistryScanningConfigurationCommand({
        scanType: 'BASIC',
        rules: [
          { scanFrequency: 'MANUAL', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] },
        ],
      }),
    );
    await push();
    await expect(find()).rejects.toMatchObject({ name: 'ScanNotFoundException' });
  });
});

describe('enhanced scanning', () => {
  it('also reports npm packages, in the form of Amazon Inspector', async () => {
    await start();
    await scanAs('ENHANCED', 'CONTINUOUS_SCAN');
    const digest = await push();
    const { imageScanStatus, imageScanFindings } = await scanned();
    expect(imageScanStatus).toMatchObject({ status: 'ACTIVE' });
    expect(imageScanFindings).toMatchObject({
      findingSeverityCounts: { CRITICAL: 1, HIGH: 1, LOW: 1 },
      enhancedFindings: [
        {
          title: 'CVE-2026-0001 - libssl3, openssl',
          score: 9.8,
          fixAvailable: 'YES',
          packageVulnerabilityDetails: {
            vulnerabilityId: 'CVE-2026-0001',
            vulnerablePackages: [
              { name: 'libssl3', fixedInVersion: '3.0.13-1~deb12u1', packageManager: 'OS' },
              { name: 'openssl' },
            ],
          },
          resources: [{ details: { awsEcrContainerImage: { imageHash: digest, repositoryName } } }],
        },
        {
          severity: 'HIGH',
          packageVulnerabilityDetails: {
            vulnerabilityId: 'CVE-2026-0003',
            vulnerablePackages: [
              {
                name: 'ws',
                version: '8.17.0',
                filePath: 'app/node_modules/ws/package.json',
                fixedInVersion: '8.17.1',
                packageManager: 'NODEPKG',
              },
            ],
          },
        },
        { severity: 'LOW', fixAvailable: 'NO' },
      ],
    });
    expect(imageScanFindings?.findings).toBeUndefined();
  });

  it('scans only repositories that a filter selects, and never on request', async () => {
    await start();
    await scanAs('ENHANCED');
    await push();
    await expect(find()).rejects.toMatchObject({ name: 'ScanNotFoundException' });
    await expect(startScan()).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('scans an image without an operating system for its npm packages', async () => {
    await start();
    await scanAs('ENHANCED', 'SCAN_ON_PUSH');
    const { 'app/node_modules/ws/package.json': ws } = debianFiles();
    await push({ 'app/node_modules/ws/package.json': ws });
    expect(await scanned()).toMatchObject({
      imageScanStatus: { status: 'COMPLETE' },
      imageScanFindings: { findingSeverityCounts: { HIGH: 1 } },
    });
  });

  it('marks an image that it cannot scan as unsupported', async () => {
    await start();
    await scanAs('ENHANCED', 'SCAN_ON_PUSH');
    await push({ a: 'x' });
    expect(await scanned()).toMatchObject({ imageScanStatus: { status: 'UNSUPPORTED_IMAGE' } });
  });

  it('keeps the scans of both types apart', async () => {
    await start();
    await push();
    await scanned();
    await scanAs('ENHANCED', 'SCAN_ON_PUSH');
    await expect(find()).rejects.toMatchObject({ name: 'ScanNotFoundException' });
    await scanAs('BASIC');
    expect(await find()).toMatchObject({ imageScanStatus: { status: 'COMPLETE' } });
  });
});

describe('the state of scans', () => {
  const never = (): Scanner => {
    let end = () => undefined as void;
    return {
      scan: () =>
        new Promise((resolve) => {
          end = () => resolve({ status: 'failed', reason: 'stopped' });
        }),
      close: async () => end(),
    };
  };

  it('is in progress until the scan has ended, and a scan that was interrupted is repeated', async () => {
    const storage = createMemoryStorage();
    await start({ storage, scanner: never() });
    await push();
    expect(await find()).toMatchObject({ imageScanStatus: { status: 'IN_PROGRESS' } });
    await expect(startScan()).rejects.toMatchObject({ name: 'LimitExceededException' });
    await server.close();
    server = await startLocalServer({ storage, scanner: scannerIn(folder) });
    expect(await scanned()).toMatchObject({ imageScanStatus: { status: 'COMPLETE' } });
  });

  it('survives a restart with its findings, also without advisories', async () => {
    const storage = createMemoryStorage();
    await start({ storage });
    await push();
    const before = await scanned();
    await server.close();
    server = await startLocalServer({ storage });
    const { imageScanStatus, imageScanFindings } = await find();
    expect({ imageScanStatus, imageScanFindings }).toEqual({
      imageScanStatus: before.imageScanStatus,
      imageScanFindings: before.imageScanFindings,
    });
  });

  it('is a failure without advisories, which names the setting', async () => {
    await start({ scanner: undefined as unknown as Scanner });
    await push();
    expect((await find()).imageScanStatus).toEqual({
      status: 'FAILED',
      description: expect.stringContaining('Set ECR_LOCAL_ADVISORIES'),
    });
  });

  it('is a failure if the advisories cannot be read, and the scan can be repeated at once', async () => {
    await start({ scanner: scannerIn(join(folder, 'none')) });
    await push();
    expect((await scanned()).imageScanStatus).toEqual({
      status: 'FAILED',
      description: expect.stringContaining('none cannot be read'),
    });
    await startScan();
  });

  it('has one scan at a time', async () => {
    let [running, most, ended] = [0, 0, 0];
    const scanner: Scanner = {
      scan: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
        ended += 1;
        return { status: 'complete', vulnerabilities: [], notes: [] };
      },
      close: () => Promise.resolve(),
    };
    await start({ scanner });
    const tags = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(
      tags.map((tag) => pushFiles(server.v2, repositoryName, tag, debianFiles(tag))),
    );
    while (ended < tags.length) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(most).toBe(1);
  });
});
