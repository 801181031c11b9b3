import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  type ECRClient,
  paginateDescribeImages,
  PutLifecyclePolicyCommand,
} from '@aws-sdk/client-ecr';
import { pushSample, sampleImage } from '../sample-images';
import { Fates, type KillLoad, type Life } from './kill-load';

const pushed = 'team/pushed';
const expiring = 'team/expiring';

/** The tags of a repository, whose images have one each. */
export async function tagsOf(client: ECRClient, repositoryName: string): Promise<string[]> {
  const tags: string[] = [];
  for await (const page of paginateDescribeImages({ client }, { repositoryName })) {
    for (const { imageTags = [] } of page.imageDetails ?? []) {
      expect(imageTags).toHaveLength(1);
      tags.push(...imageTags);
    }
  }
  return tags;
}

export async function bytesOf(send: Life['send'], path: string): Promise<Buffer | number> {
  const response = await send(path);
  return response.status === 200 ? Buffer.from(await response.arrayBuffer()) : response.status;
}

export async function expectWhole(send: Life['send'], repository: string, tag: string) {
  const { manifest, layer, config } = sampleImage(tag);
  expect(await bytesOf(send, `/v2/${repository}/manifests/${tag}`)).toEqual(manifest.bytes);
  for (const blob of [layer, config]) {
    expect(await bytesOf(send, `/v2/${repository}/blobs/${blob.digest}`)).toEqual(blob.bytes);
  }
}

const keepThree = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: 'Keep the last three images, whatever their tags are',
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 3 },
      action: { type: 'expire' },
    },
  ],
});

/** Pushes, pulls and deletes images of one repository; a lifecycle policy expires those of another. */
export function imagesLoad(): KillLoad {
  const fates = new Fates();
  let runs = 0;
  return {
    prepare: async ({ client }) => {
      for (const repositoryName of [pushed, expiring]) {
        await client.send(new CreateRepositoryCommand({ repositoryName }));
      }
      const policy = { repositoryName: expiring, lifecyclePolicyText: keepThree };
      await client.send(new PutLifecyclePolicyCommand(policy));
    },
    tasks: ({ client, url, send }, name) => {
      const push = () => {
        const tag = name('p');
        return fates.make(tag, () => pushSample(send, pushed, tag));
      };
      const pull = async () => {
        const tag = fates.withFate('made').at(-1);
        if (tag !== undefined) await expectWhole(send, pushed, tag);
        await sleep(1);
      };
      const remove = async () => {
        const [imageTag, ...others] = fates.withFate('made');
        if (imageTag !== undefined && others.length > 10) {
          const request = { repositoryName: pushed, imageIds: [{ imageTag }] };
          await fates.delete(imageTag, () => client.send(new BatchDeleteImageCommand(request)));
        }
        await sleep(20);
      };
      const runLifecycle = async () => {
        const headers = { 'content-type': 'application/json' };
        await fetch(`${url}/_local/lifecycle`, { method: 'POST', headers, body: '{}' });
        runs += 1;
        await sleep(10);
      };
      return [push, push, pull, remove, runLifecycle, () => pushSample(send, expiring, name('e'))];
    },
    acknowledged: () => fates.acknowledged,
    check: async ({ client, send }) => {
      const present = await tagsOf(client, pushed);
      fates.settle(present);
      for (const tag of present) await expectWhole(send, pushed, tag);
      for (const tag of await tagsOf(client, expiring)) await expectWhole(send, expiring, tag);
    },
    summary: () =>
      `${fates.size} images (${fates.withFate('made').length} present), ${runs} lifecycle runs`,
  };
}
