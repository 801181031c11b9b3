import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchGetImageCommand,
  GetDownloadUrlForLayerCommand,
  type ECRClient,
} from '@aws-sdk/client-ecr';
import { runOk } from './run';

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
}

interface ImageConfig {
  readonly config: {
    readonly Env: readonly string[];
    readonly Cmd: readonly string[];
    readonly WorkingDir: string;
  };
}

/** An image pulled from a registry, its upper layers unpacked, without the layers of its base image. */
export class PulledImage {
  private constructor(
    readonly root: string,
    readonly config: ImageConfig['config'],
  ) {}

  /** @param baseLayers how many of the lowest layers belong to the base image, which only a container needs */
  static async pull(
    ecr: ECRClient,
    of: { repositoryName: string; imageTag: string; baseLayers: number },
  ): Promise<PulledImage> {
    const { repositoryName, imageTag } = of;
    const { images } = await ecr.send(
      new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag }] }),
    );
    const manifest = JSON.parse(images?.[0]?.imageManifest ?? '{}') as Manifest;
    const blob = async (layerDigest: string) => {
      const { downloadUrl } = await ecr.send(
        new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }),
      );
      return Buffer.from(await (await fetch(downloadUrl ?? '')).arrayBuffer());
    };
    const { config } = JSON.parse((await blob(manifest.config.digest)).toString()) as ImageConfig;
    const root = await mkdtemp(join(tmpdir(), 'pulled-'));
    for (const { digest } of manifest.layers.slice(of.baseLayers)) {
      await unpack(await blob(digest), root);
    }
    return new PulledImage(root, config);
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

async function unpack(layer: Buffer, root: string): Promise<void> {
  const file = `${root}.tar.gz`;
  await writeFile(file, layer);
  try {
    await runOk('tar', ['-xzf', file, '-C', root, '--no-same-owner']);
  } finally {
    await rm(file);
  }
}
