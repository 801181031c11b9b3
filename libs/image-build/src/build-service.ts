import { type BlobSource } from '@typerush/oci';
import { checkPinned } from './base-lock/check-pinned';
import { readBaseLock } from './base-lock/read-base-lock';
import { type BuiltImage, writeBuiltImage, type ServiceImage } from '@typerush/pipeline-context';
import { type ImageEngine } from './engines/image-engine';
import { selectEngine, type EngineChoice } from './engines/select-engine';
import { type Report, type ProgressReporter } from '@typerush/terminal-output';
import { parseOutputs } from './build-outputs';
import { describeBuild, describeBuildPlan } from './describe-build';
import { planBuild, type BuildOptions } from './plan-build';
import { archiveFor, writeOutputs } from './write-outputs';

export interface BuildServices {
  readonly engines: readonly ImageEngine[];
  readonly reporter: ProgressReporter;
  /** The layers of an image's base, which its layout leaves out. */
  readonly layersOfBase: (image: BuiltImage) => BlobSource;
  /** Hands an archive to a local engine, and tells which one took it. */
  readonly load: (archive: Awaited<ReturnType<typeof archiveFor>>) => Promise<string>;
  /** `os/architecture` of what a local engine runs. */
  readonly hostPlatform: string;
}

export type BuildServiceOptions = BuildOptions & {
  readonly engine: EngineChoice;
  readonly dryRun: boolean;
  /** `layout`, `archive` or both, with a comma. */
  readonly output: string;
  readonly load: boolean;
};

/** Builds one service's image and writes `build.json`. */
export async function buildService(
  image: ServiceImage,
  options: BuildServiceOptions,
  services: BuildServices,
): Promise<Report> {
  const { engines, reporter } = services;
  const outputs = parseOutputs(options.output);
  const lock = await readBaseLock(image.workspaceRoot, options.dockerfile);
  const plan = planBuild(image, options, lock);
  await checkPinned(plan, options.environment, reporter);
  const { engine, because } = await selectEngine(options.engine, engines, plan);
  if (options.dryRun) {
    return {
      data: { dryRun: true, engine: engine.name, ...plan },
      text: describeBuildPlan(plan, engine.name, because),
    };
  }
  reporter.progress(`${plan.service}: building with ${engine.name}. ${because}`);
  const built: BuiltImage = await engine.build(plan, reporter);
  await writeBuiltImage(plan.outDir, built);
  const missing = services.layersOfBase(built);
  const written = await writeOutputs(built, plan.outDir, outputs, missing);
  if (options.load) {
    const archive = await archiveFor(services.hostPlatform, built, plan.outDir, missing);
    const client = await services.load(archive);
    reporter.note(`${client} holds ${plan.repository}:build for ${archive.platform}.`);
  }
  return { data: built, text: describeBuild(built, because, written, plan.workspaceRoot) };
}
