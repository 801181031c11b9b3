import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  PutReplicationConfigurationCommand,
} from '@aws-sdk/client-ecr';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalServer, startLocalServer } from '../test/local-server';
import { pushSample, putManifest } from '../test/sample-images';
import { debianFiles, pushFiles, scannerIn, writeAdvisories } from '../test/scanned-images';
import { type EventBridgeEvent } from './event';

const name = 'my-repository-name';
let server: LocalServer;
afterEach(() => server.close());

async function start(options: Parameters<typeof startLocalServer>[0] = {}) {
  server = await startLocalServer(options);
  const imageScanningConfiguration = { scanOnPush: true };
  await server.client.send(
    new CreateRepositoryCommand({ repositoryName: name, imageScanningConfiguration }),
  );
}

const eventsOf = async (type?: string) => {
  const text = await (await fetch(`${server.url}/_local/events`)).text();
  const events = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as EventBridgeEvent);
  return events.filter((event) => type === undefined || event['detail-type'] === type);
};

/** The fields and their order as in https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html */
const envelope = {
  version: '0',
  id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  source: 'aws.ecr',
  account: '000000000000',
  time: '2026-01-01T00:00:00Z',
  region: 'ap-southeast-1',
};

describe('the events', () => {
  it('have the form of the documented samples: push and deletion', async () => {
    await start();
    const { manifest } = await pushSample(server.v2, name, 'latest');
    await server.client.send(
      new BatchDeleteImageCommand({ repositoryName: name, imageIds: [{ imageTag: 'latest' }] }),
    );
    const action = (type: string) => ({
      ...envelope,
      'detail-type': 'ECR Image Action',
      resources: [],
      detail: {
        result: 'SUCCESS',
        'repository-name': name,
        'image-digest': manifest.digest,
        'action-type': type,
        'image-tag': 'latest',
      },
    });
    expect(await eventsOf()).toEqual([action('PUSH'), action('DELETE')]);
  });

  it('do not report a tag that moved to another image as deleted', async () => {
    await start();
    await pushSample(server.v2, name, 'latest', 'one');
    await pushSample(server.v2, name, 'latest', 'two');
    const actions = (await eventsOf()).map(({ detail }) => detail['action-type']);
    expect(actions).toEqual(['PUSH', 'PUSH']);
  });

  it('report each tag of an image that is deleted by its digest', async () => {
    await start();
    const { manifest } = await pushSample(server.v2, name, 'a', 'same');
    await putManifest(server.v2, name, 'b', manifest);
    const imageIds = [{ imageDigest: manifest.digest }];
    await server.client.send(new BatchDeleteImageCommand({ repositoryName: name, imageIds }));
    const deleted = (await eventsOf()).filter(({ detail }) => detail['action-type'] === 'DELETE');
    expect(deleted.map(({ detail }) => detail['image-tag'])).toEqual(['a', 'b']);
  });

  it('have the form of the documented sample: scan', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'advisories-'));
    await start({ scanner: scannerIn(await writeAdvisories(folder)) });
    const digest = await pushFiles(server.v2, name, 'v1', debianFiles());
    let scans = await eventsOf('ECR Image Scan');
    while (scans.length === 0) scans = await eventsOf('ECR Image Scan');
    expect(scans).toEqual([
      {
        ...envelope,
        'detail-type': 'ECR Image Scan',
        resources: [`arn:aws:ecr:ap-southeast-1:000000000000:repository/${name}`],
        detail: {
          'scan-status': 'COMPLETE',
          'repository-name': name,
          'finding-severity-counts': { CRITICAL: 1, LOW: 1 },
          'image-digest': digest,
          'image-tags': ['v1'],
        },
      },
    ]);
    await rm(folder, { recursive: true });
  });

  it('have the form of the documented sample: replication, in the destination', async () => {
    await start();
    const destinations = [{ region: 'eu-west-1', registryId: '000000000000' }];
    const replicationConfiguration = { rules: [{ destinations }] };
    await server.client.send(new PutReplicationConfigurationCommand({ replicationConfiguration }));
    const { manifest } = await pushSample(server.v2, name, '3.17.2');
    let replications = await eventsOf('ECR Replication Action');
    while (replications.length === 0) replications = await eventsOf('ECR Replication Action');
    expect(replications).toEqual([
      {
        ...envelope,
        region: 'eu-west-1',
        'detail-type': 'ECR Replication Action',
        resources: [`arn:aws:ecr:eu-west-1:000000000000:repository/${name}`],
        detail: {
          result: 'SUCCESS',
          'repository-name': name,
          'image-digest': manifest.digest,
          'source-account': '000000000000',
          'action-type': 'REPLICATE',
          'source-region': 'ap-southeast-1',
          'image-tag': '3.17.2',
        },
      },
    ]);
  });

  it('can be followed: earlier ones first, then each as it happens', async () => {
    await start();
    await pushSample(server.v2, name, 'one');
    const response = await fetch(`${server.url}/_local/events?follow`);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const until = async (part: string) => {
      while (!text.includes(part)) text += (await reader?.read())?.value ?? '';
    };
    await until('"image-tag":"one"');
    await pushSample(server.v2, name, 'two');
    await until('"image-tag":"two"');
    expect(text.trim().split('\n')).toHaveLength(2);
    await reader?.cancel();
  });

  it('are the latest 1,000', async () => {
    await start();
    const { manifest } = await pushSample(server.v2, name, 'first');
    for (let count = 0; count < 1_000; count += 1)
      await putManifest(server.v2, name, 'again', manifest);
    const events = await eventsOf();
    expect(events).toHaveLength(1_000);
    expect(events[0]?.detail['image-tag']).toBe('again');
  });
});
