import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { evaluateLifecyclePolicy, retentionPolicy } from '@typerush/image-registry';
import { describeImages, generateImages } from './generated-images';
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
