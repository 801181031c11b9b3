import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  atDigest,
  atMirror,
  baseReferences,
  digestOf,
  type BaseCandidate,
  type Digest,
  type EngineBase,
  OciError,
  parsePlatform,
  writeStandInTar,
} from '@typerush/oci';
import { type ProgressReporter } from '@typerush/terminal-output';
import { lastLines } from '@typerush/child-process';
import { PipelineError } from '@typerush/pipeline-context';
import { basesOf } from '../base-lock/base-images';
import { type BuildPlan } from '../build-plan';
import { engineFailure } from './build-failure';
import { type ContainerCli } from './container-cli';

/** The base image of a build in a container engine. */
export interface EngineBaseImage {
  /** The value of `--build-arg NODE_IMAGE`. */
  readonly nodeImage: string;
  /** Whether only the store of the engine has it under this name. */
  readonly isLocal: boolean;
  /** `os/architecture` of images that can be based on it. */
  readonly platforms: readonly string[];
  readonly base: EngineBase;
}

/**
 * Finds the base image, which is the same for every engine. If its registry is unreachable, the engine may have it or be able
 * to pull it.
 * @throws PipelineError `BASE_UNAVAILABLE`, `DOCKERFILE_INVALID`; OciError
 */
export async function findEngineBase(
  cli: ContainerCli,
  plan: BuildPlan,
  dockerfile: string,
  variables: NodeJS.ProcessEnv,
  reporter: ProgressReporter,
): Promise<EngineBaseImage> {
  const reference = referenceIn(dockerfile, plan);
  if (plan.base === 'stand-in') {
    return importStandIn(cli, plan, await basesOf(plan, variables).resolve(reference));
  }
  try {
    const found = await basesOf({ ...plan, base: 'registry' }, variables).resolve(reference);
    return fromRegistry(found, plan);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    const copy = await copyInEngine(cli, reference, plan, reporter);
    if (copy) return copy;
    const note = (message: string) => reporter.note(message);
    const found = await basesOf(plan, variables, note).resolve(reference);
    return found.standIn ? importStandIn(cli, plan, found) : fromRegistry(found, plan);
  }
}

/** @throws PipelineError `DOCKERFILE_INVALID` */
function referenceIn(text: string, { dockerfile: file, args }: BuildPlan): string {
  const { final: reference } = baseReferences(text, { file, args });
  if (/^\s*ARG\s+NODE_IMAGE=\S/im.test(text)) return reference;
  throw new PipelineError(
    'DOCKERFILE_INVALID',
    `${file} has no argument for the base image.\nFix: write "ARG NODE_IMAGE=<reference>" before its first FROM, and use it there.`,
  );
}

const isUnreachable = (error: unknown) => error instanceof OciError && error.code === 'UNREACHABLE';

function fromRegistry(
  found: BaseCandidate,
  { platforms, baseMirrors }: BuildPlan,
): EngineBaseImage {
  const { reference, digest, standIn, load } = found;
  const missing = platforms.filter((platform) => !found.platforms.includes(platform));
  if (missing.length > 0) {
    throw new PipelineError(
      'PLATFORM_MISSING',
      `${reference} does not exist for ${missing.join(', ')}, only for ${found.platforms.join(', ')}.\n` +
        'Fix: remove the platform from image.json, or use another base image.',
    );
  }
  return {
    nodeImage: atMirror(digest ? atDigest(reference, digest) : reference, baseMirrors),
    isLocal: false,
    platforms,
    base: { reference, digest, standIn, load: (platform) => load(platform) },
  };
}

/** An engine may have an image that no registry has, or reach a registry that Node cannot. */
async function copyInEngine(
  cli: ContainerCli,
  reference: string,
  { pins, platforms, baseMirrors }: BuildPlan,
  reporter: ProgressReporter,
): Promise<EngineBaseImage | undefined> {
  const pin = pins[reference];
  const name = atMirror(pin ? atDigest(reference, pin.digest) : reference, baseMirrors);
  const found = (await cli.inspect(name)) ?? (await pull(cli, name, reporter));
  if (!found) return undefined;
  reporter.note(`Using the copy of ${name} in ${cli.name}: its registry is unreachable.`);
  const digest = pin?.digest ?? found.digest;
  return {
    nodeImage: name,
    isLocal: true,
    platforms,
    base: { reference, digest, standIn: false, diffIds: found.diffIds },
  };
}

async function pull(cli: ContainerCli, name: string, reporter: ProgressReporter) {
  reporter.progress(`${cli.name} pull ${name}`);
  const pulled = await cli.run(['pull', '--quiet', name]);
  if (pulled.code === 0) return cli.inspect(name);
  reporter.progress(lastLines(pulled, 1));
  return undefined;
}

/** Imported once for each state of the host's Node, which is part of its name in the engine. */
async function importStandIn(
  cli: ContainerCli,
  plan: BuildPlan,
  candidate: BaseCandidate,
): Promise<EngineBaseImage> {
  const { reference, standIn, platforms, identity } = candidate;
  const [platform = ''] = platforms;
  const image = await candidate.load(parsePlatform(platform));
  const state = digestOf(JSON.stringify([identity, image.config.config]));
  const nodeImage = `${plan.standInName}:${state.slice('sha256:'.length, 19)}`;
  const diffIds = image.layers.map(({ diffId }) => diffId);
  const present = await cli.inspect(nodeImage);
  if (!present || !sameLayers(present.diffIds, diffIds)) await importTar(cli, nodeImage);
  const load = () => Promise.resolve(image);
  return { nodeImage, isLocal: true, platforms, base: { reference, standIn, load } };
}

const sameLayers = (a: readonly Digest[], b: readonly Digest[]) => a.join() === b.join();

async function importTar(cli: ContainerCli, name: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'stand-in-'));
  try {
    const tar = await writeStandInTar(path.join(folder, 'stand-in.tar'));
    const changes = tar.changes.flatMap((change) => ['--change', change]);
    const result = await cli.run(['import', ...changes, tar.path, name]);
    if (result.code === 0) return;
    const problem = `${cli.name} cannot import the stand-in base image`;
    throw engineFailure(cli, result, { code: 'BASE_UNAVAILABLE', problem });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
