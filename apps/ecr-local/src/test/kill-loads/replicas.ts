import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateRepositoryCommand,
  DescribeImageReplicationStatusCommand,
  PutReplicationConfigurationCommand,
} from '@aws-sdk/client-ecr';
import { pushSample } from '../sample-images';
import { clientOf, tokenOf } from '../server-process';
import { expectWhole, tagsOf } from './images';
import { Fates, type KillLoad, type Life } from './kill-load';

export const replicated = 'team/replicated';
export const replicaRegion = 'eu-west-1';

/** Pushes images that are replicated to another region; a kill interrupts that, and the next life resumes it. */
export function replicasLoad(): KillLoad {
  const fates = new Fates();
  let interrupted = 0;
  const statusOf = async ({ client }: Life, imageTag: string) => {
    const image = { repositoryName: replicated, imageId: { imageTag } };
    const { replicationStatuses } = await client.send(
      new DescribeImageReplicationStatusCommand(image),
    );
    return replicationStatuses?.[0]?.status;
  };
  return {
    prepare: async ({ client }) => {
      await client.send(new CreateRepositoryCommand({ repositoryName: replicated }));
      const destinations = [{ region: replicaRegion, registryId: '000000000000' }];
      const repositoryFilters = [{ filter: replicated, filterType: 'PREFIX_MATCH' as const }];
      const replicationConfiguration = { rules: [{ destinations, repositoryFilters }] };
      await client.send(new PutReplicationConfigurationCommand({ replicationConfiguration }));
    },
    // They come faster than they are copied, so that some always wait.
    tasks: ({ send }, name) =>
      Array.from({ length: 4 }, () => () => {
        const tag = name('r');
        return fates.make(tag, () => pushSample(send, replicated, tag));
      }),
    acknowledged: () => fates.acknowledged,
    check: async (life) => {
      const present = await tagsOf(life.client, replicated);
      fates.settle(present);
      for (const tag of present) {
        let status = await statusOf(life, tag);
        if (status === 'IN_PROGRESS') interrupted += 1;
        for (; status === 'IN_PROGRESS'; status = await statusOf(life, tag)) await sleep(5);
        expect(status).toBe('COMPLETE');
      }
      const there = clientOf(life.url, replicaRegion);
      const authorization = `Basic ${await tokenOf(there)}`;
      const send: Life['send'] = (path) => fetch(life.url + path, { headers: { authorization } });
      // The first kill may come before the first image.
      const copies = present.length > 0 ? await tagsOf(there, replicated) : [];
      expect(copies.sort()).toEqual(present.sort());
      for (const tag of copies) await expectWhole(send, replicated, tag);
      there.destroy();
    },
    summary: () => `${fates.size} images replicated (${interrupted} after an interruption)`,
  };
}
