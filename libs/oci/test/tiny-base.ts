import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BaseSource, type BlobSource } from '../src/base/base-source';
import { createLayer } from '../src/layer/create-layer';
import { parsePlatform } from '../src/platform';

/** A base image of one small layer for these platforms. */
export function tinyBase(
  dir: string,
  platforms: readonly string[] = ['linux/amd64'],
  standIn = false,
): BaseSource {
  return {
    async resolve(reference) {
      return {
        reference,
        identity: 'tiny',
        standIn,
        platforms,
        async load(platform) {
          const content = Buffer.from(`node for ${platform.architecture}`);
          const { descriptor, diffId, bytes } = await createLayer([
            { path: '/usr/local/bin/node', content, executable: true },
          ]);
          await writeFile(path.join(dir, descriptor.digest.slice(7)), bytes);
          return {
            config: {
              ...parsePlatform([platform.os, platform.architecture].join('/')),
              config: {
                Env: ['PATH=/usr/local/bin', 'PORT=1'],
                Cmd: ['node'],
                Labels: { from: 'base' },
              },
              rootfs: { type: 'layers', diff_ids: [diffId] },
              history: [{ created_by: 'base' }],
            },
            layers: [{ descriptor, diffId }],
            blob: tinyBaseBlobs(dir),
          };
        },
      };
    },
  };
}

/** The layers of the loaded tiny bases. */
export function tinyBaseBlobs(dir: string): BlobSource {
  return async ({ digest }) => path.join(dir, digest.slice(7));
}
