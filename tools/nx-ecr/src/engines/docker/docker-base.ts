import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeStandInTar } from '@typerush/oci';
import { lastLines } from '../../command';
import { PipelineError } from '../../pipeline-error';
import { type BuildPlan, type Narrator } from '../image-engine';
import { type Docker } from './docker';
import { inspectImage, type InspectedImage } from './inspect-image';

export interface DockerBase {
  /** What `--build-arg NODE_IMAGE` is to be. */
  readonly nodeImage: string;
  /** As the Dockerfile names it. */
  readonly reference: string;
  readonly standIn: boolean;
  readonly image: InspectedImage;
}

/** Makes sure that the daemon has a base image before it builds, so that the reason is told when it has none. */
export async function provideBase(
  docker: Docker,
  plan: BuildPlan,
  narrator: Narrator,
): Promise<DockerBase> {
  const reference = await defaultBase(plan.dockerfile);
  if (plan.base === 'stand-in') return importStandIn(docker, plan, reference);
  const image = await inspectImage(docker, reference);
  if (image) return { nodeImage: reference, reference, standIn: false, image };

  narrator.progress(`pulling ${reference}`);
  const pulled = await docker.run(['pull', '--quiet', reference]);
  if (pulled.code === 0) {
    const image = await inspectImage(docker, reference);
    if (image) return { nodeImage: reference, reference, standIn: false, image };
  }
  const reason = `The base image ${reference} cannot be pulled (${lastLines(pulled, 1)}).`;
  if (plan.base === 'registry' || !plan.allowStandIn || isRefused(pulled.stderr)) {
    throw new PipelineError(
      'BASE_UNAVAILABLE',
      `${reason} Check the reference in ${path.relative(plan.workspaceRoot, plan.dockerfile)} and the way ` +
        'to its registry' +
        (plan.allowStandIn
          ? ', or try --base=stand-in.'
          : '; an image for prod never stands on a stand-in.'),
    );
  }
  narrator.note(`${reason} Building on a stand-in made of this machine's own Node instead.`);
  return importStandIn(docker, plan, reference);
}

/** A registry that answers, but has no such image for us: a stand-in would hide a mistake. */
const isRefused = (stderr: string) =>
  /manifest unknown|not found|no matching manifest|denied|invalid reference/i.test(stderr);

/** @throws PipelineError `DOCKERFILE_INVALID` */
async function defaultBase(dockerfile: string): Promise<string> {
  const text = await readFile(dockerfile, 'utf8').catch((cause: unknown) => {
    throw new PipelineError('FILE_MISSING', `${dockerfile} cannot be read: create it.`, { cause });
  });
  const reference = /^ARG\s+NODE_IMAGE=(\S+)/im.exec(text)?.[1];
  if (reference) return reference;
  throw new PipelineError(
    'DOCKERFILE_INVALID',
    `${dockerfile} names no base image: write "ARG NODE_IMAGE=<reference>" before its first FROM, and use it there.`,
  );
}

async function importStandIn(
  docker: Docker,
  plan: BuildPlan,
  reference: string,
): Promise<DockerBase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'stand-in-'));
  try {
    const tar = await writeStandInTar(path.join(folder, 'stand-in.tar'));
    const nodeImage = `${plan.standInName}:${tar.digest.slice('sha256:'.length, 19)}`;
    const present = await inspectImage(docker, nodeImage);
    if (present) return { nodeImage, reference, standIn: true, image: present };
    const changes = tar.changes.flatMap((change) => ['--change', change]);
    await docker.expect('BASE_UNAVAILABLE', 'The stand-in for the base image cannot be imported:', [
      'import',
      ...changes,
      tar.path,
      nodeImage,
    ]);
    const image = await inspectImage(docker, nodeImage);
    if (!image) throw new Error(`docker has imported ${nodeImage} and does not know it`);
    return { nodeImage, reference, standIn: true, image };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
