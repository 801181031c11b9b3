import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  DescribeImageScanFindingsCommand,
  StartImageScanCommand,
} from '@aws-sdk/client-ecr';
import { layerOf } from '@typerush/image-scanning/testing';
import { debianFiles, pushLayer } from '../scanned-images';
import { tagsOf } from './images';
import { Fates, type KillLoad, type Life } from './kill-load';

const onPush = 'team/scanned-on-push';
const onRequest = 'team/scanned-on-request';

/** Scans images on push and on request. A scan that was acknowledged ends, whatever kills the server. */
export function scansLoad(): KillLoad {
  const pushes = new Fates();
  const requests = new Fates();
  const layer = layerOf(debianFiles());
  const pushTo = async (send: Life['send'], repository: string, tag: string) =>
    pushLayer(send, repository, tag, await layer);
  const expectFindings = async ({ client }: Life, repositoryName: string, imageTag: string) => {
    const find = new DescribeImageScanFindingsCommand({ repositoryName, imageId: { imageTag } });
    for (;;) {
      const { imageScanStatus, imageScanFindings } = await client.send(find);
      if (imageScanStatus?.status === 'IN_PROGRESS') {
        await sleep(10);
        continue;
      }
      expect(imageScanStatus?.status).toBe('COMPLETE');
      const names = imageScanFindings?.findings?.map(({ name }) => name).sort();
      expect(names).toEqual(['CVE-2026-0001', 'CVE-2026-0002']);
      return;
    }
  };
  return {
    prepare: async ({ client }) => {
      const imageScanningConfiguration = { scanOnPush: true };
      const scanned = { repositoryName: onPush, imageScanningConfiguration };
      await client.send(new CreateRepositoryCommand(scanned));
      await client.send(new CreateRepositoryCommand({ repositoryName: onRequest }));
    },
    tasks: ({ client, send }, name) => [
      async () => {
        const tag = name('s');
        await pushes.make(tag, () => pushTo(send, onPush, tag));
        await sleep(10);
      },
      async () => {
        const imageTag = name('q');
        await pushTo(send, onRequest, imageTag);
        const image = { repositoryName: onRequest, imageId: { imageTag } };
        await requests.make(imageTag, () => client.send(new StartImageScanCommand(image)));
        await sleep(10);
      },
      async () => {
        const [imageTag, ...others] = pushes.withFate('made').reverse();
        if (imageTag !== undefined && others.length > 3) {
          const request = { repositoryName: onPush, imageIds: [{ imageTag }] };
          await pushes.delete(imageTag, () => client.send(new BatchDeleteImageCommand(request)));
        }
        await sleep(20);
      },
    ],
    acknowledged: () => pushes.acknowledged + requests.acknowledged,
    check: async (life) => {
      const unanswered = pushes.withFate('making');
      pushes.settle(await tagsOf(life.client, onPush));
      // As clients do. The image may be there without its scan.
      for (const tag of unanswered) await pushes.make(tag, () => pushTo(life.send, onPush, tag));
      for (const tag of pushes.withFate('made')) await expectFindings(life, onPush, tag);
      for (const tag of requests.withFate('made')) await expectFindings(life, onRequest, tag);
    },
    summary: () => `${pushes.size + requests.size} scans`,
  };
}
