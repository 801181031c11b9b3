import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  atDigest,
  baseReferences,
  digestOf,
  type BaseCandidate,
  type Digest,
  type EngineBase,
  OciError,
  parsePlatform,
  withoutDigest,
  writeStandInTar,
} from '@typerush/oci';
import { type ProgressReporter } from '@typerush/terminal-output';
import { basesOf } from '../../base-lock/bases';
import { lastLines } from '@typerush/child-process';
import { PipelineError } from '@typerush/pipeline-context';
import { type BuildPlan } from '../image-engine';
import { engineFailure } from './build-failure';
import { type ContainerCli } from './container-cli';
import { inspectImage } from './inspect-image';

type Variables = Readonly<Record<string, string | undefined>>;

export interface BaseForEngine {
  /** What `--build-arg NODE_IMAGE` is to be. */
  readonly nodeImage: string;
  /** Whether the engine's own store is the only place that has it under this name. */
  readonly isLocal: boolean;
  /** `os/architecture` that can be built on it. */
  readonly platforms: readonly string[];
  readonly base: EngineBase;
}

/**
 * The base that the image is to stand on, the same one for every engine; what cannot be resolved without the engine, the
 * engine is asked for.
 * @throws PipelineError `BASE_UNAVAILABLE`, `DOCKERFILE_INVALID`; OciError
 */
export async function baseForEngine(
  cli: ContainerCli,
  plan: BuildPlan,
  dockerfile: string,
  variables: Variables,
  reporter: ProgressReporter,
): Promise<BaseForEngine> {
  const reference = referenceIn(dockerfile, plan);
  if (plan.base === 'stand-in') {
    return importStandIn(cli, plan, await basesOf(plan, variables).resolve(reference));
  }
  try {
    const found = await basesOf({ ...plan, base: 'registry' }, variables).resolve(reference);
    return fromRegistry(found, plan);
  } catch (error) {
    if (!isOutOfReach(error)) throw error;
    const own = await ownCopy(cli, reference, plan, reporter);
    if (own) return own;
    const note = (message: string) => reporter.note(message);
    const found = await basesOf(plan, variables, note).resolve(reference);
    return found.standIn ? importStandIn(cli, plan, found) : fromRegistry(found, plan);
  }
}

/** @throws PipelineError `DOCKERFILE_INVALID` */
function referenceIn(text: string, { dockerfile: file, args }: BuildPlan): string {
  const { runtime } = baseReferences(text, { file, args });
  if (/^\s*ARG\s+NODE_IMAGE=\S/im.test(text)) return runtime;
  throw new PipelineError(
    'DOCKERFILE_INVALID',
    `${file} names no base image: write "ARG NODE_IMAGE=<reference>" before its first FROM, and use it there.`,
  );
}

const isOutOfReach = (error: unknown) => error instanceof OciError && error.code === 'UNREACHABLE';

function fromRegistry(found: BaseCandidate, { platforms }: BuildPlan): BaseForEngine {
  const { reference, digest, standIn, load } = found;
  const missing = platforms.filter((platform) => !found.platforms.includes(platform));
  if (missing.length > 0) {
    throw new PipelineError(
      'PLATFORM_MISSING',
      `${reference} is not there for ${missing.join(', ')}, only for ${found.platforms.join(', ')}.`,
    );
  }
  return {
    nodeImage: digest ? atDigest(reference, digest) : reference,
    isLocal: false,
    platforms,
    base: { reference, digest, standIn, load: (platform) => load(platform) },
  };
}

/** An engine may hold an image that no registry has, or know a way to one that Node does not. */
async function ownCopy(
  cli: ContainerCli,
  reference: string,
  { pins, platforms }: BuildPlan,
  reporter: ProgressReporter,
): Promise<BaseForEngine | undefined> {
  const pin = pins[reference];
  const name = pin ? atDigest(reference, pin.digest) : reference;
  const found = (await inspectImage(cli, name)) ?? (await pull(cli, name, reporter));
  if (!found) return undefined;
  reporter.note(
    `${cli.name}'s own copy of ${name} is the base, since its registry is out of reach.`,
  );
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
  if (pulled.code === 0) return inspectImage(cli, name);
  reporter.progress(lastLines(pulled, 1));
  return undefined;
}

/** Packed once for each state of the host's Node: its name in the engine tells which. */
async function importStandIn(
  cli: ContainerCli,
  plan: BuildPlan,
  candidate: BaseCandidate,
): Promise<BaseForEngine> {
  const { reference, standIn, platforms, identity } = candidate;
  const [platform = ''] = platforms;
  const image = await candidate.load(parsePlatform(platform));
  const state = digestOf(JSON.stringify([identity, image.config.config]));
  const nodeImage = `${plan.standInName}:${state.slice('sha256:'.length, 19)}`;
  const diffIds = image.layers.map(({ diffId }) => diffId);
  const present = await inspectImage(cli, nodeImage);
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
    const problem = `${cli.name} cannot take the stand-in for the base image in.`;
    throw engineFailure(cli, result, { code: 'BASE_UNAVAILABLE', problem });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** podman takes a tag or a digest in a reference, not both. */
export function withoutTag(reference: string): string {
  const digest = reference.split('@')[1];
  return digest ? `${withoutDigest(reference).replace(/:[^/:]*$/, '')}@${digest}` : reference;
}
