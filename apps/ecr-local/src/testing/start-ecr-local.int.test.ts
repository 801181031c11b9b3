import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  PutImageCommand,
  PutLifecyclePolicyCommand,
} from '@aws-sdk/client-ecr';
import { type StartOptions } from './running-ecr-local';
import { startEcrLocal } from './start-ecr-local';

const inRepository = { repositoryName: 'app' };

/** An index of nothing: an image that needs no layer. */
const emptyIndex = (name: string) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [],
    annotations: { name },
  });

const untaggedForAWeek = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: {
        tagStatus: 'untagged',
        countType: 'sinceImagePushed',
        countUnit: 'days',
        countNumber: 7,
      },
      action: { type: 'expire' },
    },
  ],
});

async function repositoriesOf({ clientConfig }: { clientConfig: object }) {
  const client = new ECRClient(clientConfig);
  const { repositories = [] } = await client.send(new DescribeRepositoriesCommand());
  client.destroy();
  return repositories.map(({ repositoryName }) => repositoryName);
}

describe('startEcrLocal', () => {
  it('answers the AWS SDK, with addresses of images that name its port', async () => {
    await using ecrLocal = await startEcrLocal();
    const client = new ECRClient(ecrLocal.clientConfig);
    const { repository } = await client.send(new CreateRepositoryCommand(inRepository));
    client.destroy();
    expect(repository).toMatchObject({
      repositoryUri: `${ecrLocal.host}/app`,
      repositoryArn: 'arn:aws:ecr:ap-southeast-1:000000000000:repository/app',
    });
    expect(ecrLocal.env).toMatchObject({ AWS_ENDPOINT_URL: `http://${ecrLocal.host}` });
  });

  it('runs several times in one process, each with its own repositories', async () => {
    await using one = await startEcrLocal();
    await using other = await startEcrLocal();
    const client = new ECRClient(one.clientConfig);
    await client.send(new CreateRepositoryCommand(inRepository));
    client.destroy();
    expect([await repositoriesOf(one), await repositoriesOf(other)]).toEqual([['app'], []]);
  });

  it('expires an untagged image when its clock is moved by 8 days', async () => {
    await using ecrLocal = await startEcrLocal({ clock: new Date('2026-01-01T00:00:00Z') });
    const client = new ECRClient(ecrLocal.clientConfig);
    await client.send(new CreateRepositoryCommand(inRepository));
    const put = (name: string) =>
      client.send(
        new PutImageCommand({
          ...inRepository,
          imageTag: 'latest',
          imageManifest: emptyIndex(name),
        }),
      );
    await put('first');
    await put('second');
    await client.send(
      new PutLifecyclePolicyCommand({ ...inRepository, lifecyclePolicyText: untaggedForAWeek }),
    );
    const tags = async () => {
      const { imageDetails = [] } = await client.send(new DescribeImagesCommand(inRepository));
      return imageDetails.map(({ imageTags = [] }) => imageTags).sort();
    };
    expect(await tags()).toEqual([[], ['latest']]);
    expect(await ecrLocal.clock.advance({ days: 6 })).toEqual([
      { repositoryName: 'app', expired: 0, archived: 0 },
    ]);
    expect(await ecrLocal.clock.set(new Date('2026-01-09T00:00:00Z'))).toEqual([
      { repositoryName: 'app', expired: 1, archived: 0 },
    ]);
    expect(await tags()).toEqual([['latest']]);
    expect(ecrLocal.clock.now().toISOString()).toMatch(/^2026-01-09T/);
    client.destroy();
  });

  it('has a clock that does not run, if it is given one', async () => {
    await using ecrLocal = await startEcrLocal({ clock: () => new Date('2026-01-01T00:00:00Z') });
    await ecrLocal.clock.advance({ hours: 1, minutes: 2, seconds: 3 });
    expect(ecrLocal.clock.now().toISOString()).toBe('2026-01-01T01:02:03.000Z');
  });

  it('keeps its clock where it is when it cannot be moved', async () => {
    await using ecrLocal = await startEcrLocal({ clock: () => new Date('2026-01-01T00:00:00Z') });
    const { clock } = ecrLocal;
    await expect(clock.advance({ days: -1 })).rejects.toThrow(
      'Cannot move the clock by -1 days: expected a number, 0 or more.',
    );
    await expect(clock.advance({ weeks: 1 } as object)).rejects.toThrow(
      'Cannot move the clock by weeks: expected days, hours, minutes, seconds.',
    );
    await expect(clock.set(new Date('2025-12-31'))).rejects.toThrow('expected a later time');
    await expect(clock.set(new Date('never'))).rejects.toThrow(RangeError);
    expect(clock.now().toISOString()).toBe('2026-01-01T00:00:00.000Z');
  });

  it('keeps its data in a folder, if it is given one', async () => {
    const data = await mkdtemp(join(tmpdir(), 'start-ecr-local-'));
    const first = await startEcrLocal({ data });
    const client = new ECRClient(first.clientConfig);
    await client.send(new CreateRepositoryCommand(inRepository));
    client.destroy();
    await first.close();
    await using second = await startEcrLocal({ data });
    expect(await repositoriesOf(second)).toEqual(['app']);
    await second.close();
    await rm(data, { recursive: true });
  });

  it('has the region, account and protocol that are given', async () => {
    const options = { region: 'eu-west-1', account: '123456789012', protocol: 'oci' } as const;
    await using ecrLocal = await startEcrLocal(options);
    const client = new ECRClient(ecrLocal.clientConfig);
    const { repository } = await client.send(new CreateRepositoryCommand(inRepository));
    client.destroy();
    expect(repository?.repositoryArn).toBe('arn:aws:ecr:eu-west-1:123456789012:repository/app');
    // The specification's answer to a missing login; ECR's is 400 for an invalid one.
    const response = await fetch(`${ecrLocal.url}/v2/`, {
      headers: { authorization: 'Basic AAAA' },
    });
    expect(response.status).toBe(401);
  });

  it('closes its port, also with a request in flight, and can be closed again', async () => {
    const ecrLocal = await startEcrLocal();
    const events = await fetch(`${ecrLocal.url}/_local/events?follow`);
    await ecrLocal.close();
    await ecrLocal.close();
    await events.text().catch(() => undefined);
    await expect(fetch(ecrLocal.url)).rejects.toThrow('fetch failed');
  });

  it('reports a port that is in use, and leaves nothing open', async () => {
    await using first = await startEcrLocal();
    const port = Number(new URL(first.url).port);
    await expect(startEcrLocal({ port })).rejects.toThrow(
      `port ${port} on 127.0.0.1 is in use; stop the program that listens there, or set the option port to a free port`,
    );
  });

  it.each<[string, object]>([
    ['port', { port: 65_536 }],
    ['region', { region: 'Frankfurt' }],
    ['account', { account: '12' }],
    ['protocol', { protocol: 'docker' }],
    ['clock', { clock: new Date('never') }],
    ['clock', { clock: '2026-01-01' }],
    ['colour', { colour: 'blue' }],
  ])('rejects an invalid %s: %j', async (name, options) => {
    const start = startEcrLocal(options as StartOptions);
    await expect(start).rejects.toThrow(TypeError);
    await expect(start).rejects.toThrow(name);
  });

  it('rejects a file of roles that does not exist', async () => {
    await expect(startEcrLocal({ roles: '/nowhere/roles.json' })).rejects.toThrow(
      'Cannot read /nowhere/roles.json: ENOENT',
    );
  });

  it('is ready within 100 ms', async () => {
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      const ecrLocal = await startEcrLocal();
      await fetch(`${ecrLocal.url}/v2/`);
      times.push(performance.now() - start);
      await ecrLocal.close();
    }
    // The best of five: another process may hold up each of the others.
    expect(Math.min(...times)).toBeLessThan(100);
  });
});
