import path from 'node:path';
import { writeFile } from 'node:fs/promises';
import {
  evaluateLifecyclePolicy,
  retentionPolicy,
  type StoredImage,
} from '@typerush/image-registry';
import { median, runNode, timed } from './timed';

const now = new Date('2026-11-21T12:00:00Z');

export interface Preview {
  readonly repositories: number;
  readonly imagesEach: number;
  /** Milliseconds for all repositories. */
  readonly evaluateAll: number;
  readonly evaluateMedian: number;
  /** Milliseconds of `nx run infra:preview --json` from a file with the images of one repository. */
  readonly command: number;
}

export async function measurePreview(
  repositories: number,
  imagesEach: number,
  folder: string,
  workspaceRoot: string,
  searchPath: string,
): Promise<Preview> {
  const times: number[] = [];
  const policy = retentionPolicy('environment');
  for (let repository = 0; repository < repositories; repository += 1) {
    const images = generateImages(imagesEach, repository, now);
    times.push(await timed(() => evaluateLifecyclePolicy(policy, images, now)));
  }
  await writeFile(path.join(folder, 'policy.json'), JSON.stringify(policy));
  await writeFile(
    path.join(folder, 'images.json'),
    describeImages(generateImages(imagesEach, 0, now)),
  );
  const nx = path.join(workspaceRoot, 'node_modules/nx/dist/bin/nx.js');
  const args = [
    nx,
    'run',
    'infra:preview',
    `--outputFile=${folder}/result.json`,
    `--now=${now.toISOString()}`,
  ];
  args.push(`--policy=${folder}/policy.json`, `--images=${folder}/images.json`);
  const env = { NX_DAEMON: 'false' };
  return {
    repositories,
    imagesEach,
    evaluateAll: times.reduce((sum, time) => sum + time, 0),
    evaluateMedian: median(times),
    command: await timed(() => runNode({ args, cwd: workspaceRoot, env }, searchPath)),
  };
}

const minute = 60_000;

/**
 * The images of a busy repository, one pushed every ten minutes before `now`: builds of a branch, some promoted, a fifth
 * untagged, not sorted by time. The same arguments give the same images.
 */
export function generateImages(count: number, repository: number, now: Date): StoredImage[] {
  return Array.from({ length: count }, (_, n) => {
    // A step that is coprime to the count visits every place once.
    const place = (n * 7919 + repository) % count;
    return {
      digest: `sha256:${repository.toString(16).padStart(8, '0')}${n.toString(16).padStart(56, '0')}`,
      tags: tagsAt(place),
      pushedAt: new Date(now.getTime() - place * 10 * minute),
    };
  });
}

/** @param place 0 is the newest image */
function tagsAt(place: number): string[] {
  if (place === 0) return ['dev-0', 'sha-0', 'latest', 'dev', 'main'];
  if (place === 40) return ['dev-40', 'sha-40', 'staging-40', 'staging'];
  if (place === 400) return ['dev-400', 'sha-400', 'staging-400', 'prod-400', 'v1.400.0', 'prod'];
  if (place % 5 === 1) return [];
  const tags = [`dev-${place}`, `sha-${place}`];
  if (place % 20 === 0) tags.push(`staging-${place}`);
  if (place % 100 === 0) tags.push(`prod-${place}`, `v1.${place}.0`);
  return tags;
}

/** In the format of `aws ecr describe-images`. */
function describeImages(images: readonly StoredImage[]): string {
  return JSON.stringify({
    imageDetails: images.map(({ digest, tags, pushedAt }) => ({
      registryId: '000000000000',
      repositoryName: 'bench/service',
      imageDigest: digest,
      ...(tags.length > 0 && { imageTags: tags }),
      imageSizeInBytes: 52_428_800,
      imagePushedAt: pushedAt.toISOString(),
      imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
    })),
  });
}
