import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { type BlobSource, type DockerArchive, DockerfileError, withoutDigest } from '@typerush/oci';
import {
  type BuiltImage,
  type BuiltPlatform,
  PipelineError,
  type ServiceImage,
  writeBuiltImage,
} from '@typerush/pipeline-context';
import { megabytes, type ProgressReporter, type Report, table } from '@typerush/terminal-output';
import { readBaseReferences } from './base-lock/base-images';
import { lockCommand, readBaseLock } from './base-lock/base-lock';
import { type BuildOptions, type BuildPlan, planBuild } from './build-plan';
import { type EngineChoice, selectEngine } from './engines/engines';
import { type ImageEngine } from './engines/image-engine';
import { archiveFor, parseOutputs, writeOutputs } from './image-outputs';

export interface BuildServices {
  readonly engines: readonly ImageEngine[];
  readonly reporter: ProgressReporter;
  /** The layers of an image's base image, which its layout leaves out. */
  readonly layersOfBase: (image: BuiltImage) => BlobSource;
  /** Loads an archive into a local engine, and returns its name. */
  readonly load: (archive: DockerArchive) => Promise<string>;
  /** `os/architecture` that a local engine runs. */
  readonly hostPlatform: string;
}

export type BuildServiceOptions = BuildOptions & {
  readonly engine: EngineChoice;
  readonly dryRun: boolean;
  /** `layout`, `archive` or both, separated by a comma. */
  readonly output: string;
  readonly load: boolean;
};

/** Builds the image of a service and writes `build.json`. @throws PipelineError, OciError */
export async function buildService(
  image: ServiceImage,
  options: BuildServiceOptions,
  services: BuildServices,
): Promise<Report> {
  const { engines, reporter } = services;
  const outputs = parseOutputs(options.output);
  const lock = await readBaseLock(image.workspaceRoot, options.dockerfile);
  const plan = planBuild(image, options, lock);
  await checkPinned(plan, options.environment);
  const { engine, because } = await selectEngine(options.engine, engines, plan);
  if (options.dryRun) {
    return {
      data: { dryRun: true, engine: engine.name, ...plan },
      text: describePlan(plan, engine, because),
    };
  }
  const built = await buildWith(engine, because, plan, { ...options, ...services });
  await writeBuiltImage(plan.outDir, built);
  const layersOfBase = services.layersOfBase(built);
  const written = await writeOutputs(built, plan.outDir, outputs, layersOfBase);
  if (options.load) {
    const archive = await archiveFor(services.hostPlatform, built, plan.outDir, layersOfBase);
    const client = await services.load(archive);
    reporter.note(`Loaded ${plan.repository}:build for ${archive.platform} into ${client}.`);
  }
  const files = written.map((file) => path.relative(plan.workspaceRoot, file));
  const reason =
    built.engine === engine.name ? because : 'An engine before it does not support the Dockerfile.';
  return { data: built, text: describeBuild(built, reason, files, plan) };
}

/** The base image can show that an engine does not support the Dockerfile: `auto` then uses the next one. */
async function buildWith(
  engine: ImageEngine,
  because: string,
  plan: BuildPlan,
  services: Pick<BuildServices, 'engines' | 'reporter'> & { readonly engine: EngineChoice },
): Promise<BuiltImage> {
  const { engines, reporter, engine: choice } = services;
  reporter.progress(`${plan.service}: building with ${engine.name}. ${because}`);
  try {
    return await engine.build(plan, reporter);
  } catch (error) {
    const isUnsupported =
      error instanceof DockerfileError && error.code === 'DOCKERFILE_UNSUPPORTED';
    const others = engines.slice(engines.indexOf(engine) + 1);
    if (choice !== 'auto' || !isUnsupported || others.length === 0) throw error;
    reporter.note(error.message);
    const next = await selectEngine('auto', others, plan);
    return buildWith(next.engine, next.because, plan, services);
  }
}

/**
 * Requires pinned base images for prod; elsewhere the result names what is not pinned.
 * @throws PipelineError `BASE_UNPINNED`, `FILE_MISSING`; DockerfileError
 */
async function checkPinned(
  { base, workspaceRoot, dockerfile, args, pins, lockFile, service }: BuildPlan,
  environment: Environment,
): Promise<void> {
  if (base === 'stand-in' || environment !== 'prod') return;
  const { all } = await readBaseReferences(workspaceRoot, dockerfile, args);
  const unpinned = all.filter((reference) => !pins[reference] && !reference.includes('@sha256:'));
  if (unpinned.length === 0) return;
  throw new PipelineError(
    'BASE_UNPINNED',
    `${lockFile} does not pin ${unpinned.join(', ')}. Images for prod require pinned base images.\n` +
      `Fix: run ${lockCommand(service)} to pin the digest that the tag points to now, and commit the file.`,
  );
}

function describePlan(plan: BuildPlan, engine: ImageEngine, because: string): string {
  return table(`${plan.service}: would build ${plan.repository} with ${engine.name}`, [
    ['engine', because],
    ['dockerfile', plan.dockerfile],
    ['platforms', plan.platforms.join(', ')],
    ['base', plan.allowStandIn ? plan.base : `${plan.base}, never a stand-in`],
    ...Object.entries(plan.pins).map(
      ([reference, { digest }]) => ['pinned', `${reference} at ${digest}`] as const,
    ),
    ...Object.entries(plan.args),
  ]);
}

function describeBuild(
  image: BuiltImage,
  because: string,
  files: readonly string[],
  plan: BuildPlan,
): string {
  return table(`${image.service}: built with ${image.engine}`, [
    ['engine', because],
    ['base', describeBase(image.base, plan)],
    ...image.platforms.map((platform) => [platform.platform, describePlatform(platform)] as const),
    ['digest', image.digest],
    ...files.map((file) => ['written', file] as const),
  ]);
}

function describeBase(
  { reference, digest, standIn }: BuiltImage['base'],
  { pins, service }: BuildPlan,
): string {
  if (standIn) return `a stand-in for ${reference}`;
  const name = digest ? `${withoutDigest(reference)} at ${digest}` : reference;
  const isPinned = pins[reference] !== undefined || reference.includes('@sha256:');
  return isPinned ? name : `${name}, not pinned: ${lockCommand(service)}`;
}

function describePlatform({ digest, layers }: BuiltPlatform): string {
  const own = layers.filter(({ fromBase }) => !fromBase);
  const bytes = own.reduce((sum, { size }) => sum + size, 0);
  const count = `${own.length} ${own.length === 1 ? 'layer' : 'layers'}`;
  return `${digest}, ${count} of ${megabytes(bytes)} on the base`;
}
