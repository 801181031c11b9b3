import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  baseLabels,
  DockerfileError,
  finalSteps,
  hostArchitecture,
  type ImageConfig,
  importImage,
  type StageStep,
} from '@typerush/oci';
import { layoutFolder, type BuiltImage, PipelineError } from '@typerush/pipeline-context';
import { CommandError, type CommandOptions, type CommandResult } from '@typerush/child-process';
import { type ProgressReporter } from '@typerush/terminal-output';
import { type BuildPlan } from '../build-plan';
import { buildFailure, isOffline, lacksBridge, lostCachedLayer, removeLog } from './build-failure';
import { type ContainerCli } from './container-cli';
import { type EngineBaseImage, findEngineBase } from './engine-base';
import { builtImage } from './image-engine';
import { requireLockFile, requireNodeModules } from './lock-files';

/** The build of one platform. */
export interface BuildStep {
  readonly plan: BuildPlan;
  readonly base: EngineBaseImage;
  readonly platform: string;
  /** The image's name in the engine. */
  readonly name: string;
  /** The text of the Dockerfile. */
  readonly dockerfile: string;
}

/** How to call a builder. */
export interface Builder {
  readonly cli: ContainerCli;
  /** The arguments that write an image to standard output, as an archive for `docker load`. */
  readonly save: (name: string) => readonly string[];
  readonly noCache?: boolean;
  /** Converts the reference of a base image for the client. */
  readonly nameOf?: (reference: string) => string;
  command(step: BuildStep): Promise<BuildCommand>;
}

export interface BuildCommand extends Pick<CommandOptions, 'env' | 'input'> {
  /** Without the flags and the context that all builders have at the end. */
  readonly args: readonly string[];
}

/** Runs the whole Dockerfile in an engine, including its stage `build`, and exports the image from it. */
export async function buildInEngine(
  builder: Builder,
  plan: BuildPlan,
  variables: NodeJS.ProcessEnv,
  reporter: ProgressReporter,
): Promise<BuiltImage> {
  const { cli } = builder;
  const dockerfile = await readDockerfile(plan.dockerfile);
  requireLockFile(dockerfile, plan.workspaceRoot);
  requireNodeModules(dockerfile, plan.workspaceRoot);
  const found = await findEngineBase(cli, plan, dockerfile, variables, reporter);
  const base = { ...found, nodeImage: builder.nameOf?.(found.nodeImage) ?? found.nodeImage };
  const saved = [];
  for (const platform of base.platforms) {
    const name = nameFor(plan, platform, base.platforms);
    await buildOne(builder, { plan, base, platform, name, dockerfile }, reporter);
    saved.push({ platform, archive: () => cli.stream(builder.save(name)) });
  }
  const outDir = path.join(plan.outDir, layoutFolder);
  const stepsOn = (config: ImageConfig | undefined) => stepsOf(dockerfile, plan, config);
  const built = await importImage({ platforms: saved, base: base.base, stepsOn, outDir }).catch(
    (error: unknown) => Promise.reject(explainSave(error, cli)),
  );
  await removeLog(cli, plan);
  return builtImage(cli.name, plan, built);
}

async function buildOne(
  builder: Builder,
  step: BuildStep,
  reporter: ProgressReporter,
): Promise<void> {
  const { args, env, input } = await builder.command(step);
  const cache = builder.noCache ? ['--no-cache'] : [];
  const build = (...network: string[]): Promise<CommandResult> =>
    builder.cli.run([...args, ...cache, ...commonFlags(step), ...network, '.'], {
      cwd: step.plan.workspaceRoot,
      env,
      input,
      onLine: report,
    });
  const report = stepReporter(step, reporter);
  let result = await build();
  if (result.code !== 0 && lostCachedLayer(result)) {
    reporter.note('A layer of the build cache was removed meanwhile: building again.');
    result = await build();
  }
  if (result.code !== 0 && (isOffline(result) || lacksBridge(result))) {
    reporter.note("The build has no network: retrying with the host's (--network=host).");
    result = await build('--network=host');
  }
  if (result.code !== 0) throw await buildFailure(builder.cli, result, step.plan);
}

/** Of BuildKit (`#7 [build 2/8] RUN npm ci`), of the legacy builder (`Step 2/8 : RUN npm ci`) and of podman (`STEP 2/8: RUN npm ci`). */
const stepHeading =
  /^(?:#\d+ (\[(?!internal\]|auth\])[^\]]+\] .+)|(?:\[\d+\/\d+\] )?(step \d+\/\d+ ?: .+))$/i;

/** Prints each step once, in a pipe and in a log of CI too: a build of minutes must show that it goes on. */
function stepReporter({ plan, platform }: BuildStep, reporter: ProgressReporter) {
  const seen = new Set<string>();
  return (line: string) => {
    const [, buildKit, other] = stepHeading.exec(line.trim()) ?? [];
    const heading = buildKit ?? other;
    if (heading === undefined) return reporter.progress(line);
    if (seen.has(heading)) return;
    seen.add(heading);
    const short = heading.length > 100 ? `${heading.slice(0, 97)}...` : heading;
    reporter.note(`${plan.service} ${platform}: ${short}`);
  };
}

function commonFlags({ plan, base, name }: BuildStep): string[] {
  const flags = { ...plan.args, NODE_IMAGE: base.nodeImage };
  return [
    ...Object.entries(flags).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
    ...Object.entries(baseLabels(base.base)).flatMap(([key, value]) => [
      '--label',
      `${key}=${value}`,
    ]),
    '--tag',
    name,
  ];
}

/** `<repository>:build` for the platform of this machine; the others have a suffix. */
function nameFor({ repository }: BuildPlan, platform: string, all: readonly string[]): string {
  const host = `linux/${hostArchitecture(process.arch)}`;
  const main = all.includes(host) ? host : all[0];
  const suffix = platform === main ? '' : `-${platform.replaceAll('/', '-')}`;
  return `${repository}:build${suffix}`;
}

async function readDockerfile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PipelineError(
      'DOCKERFILE_MISSING',
      `Cannot read the Dockerfile ${file}.\nFix: create it, or set "dockerfile" in the options of the plugin.`,
      { cause },
    );
  });
}

/** Undefined if only an engine can run the final stage: then its steps are taken from the engine's image. */
function stepsOf(
  text: string,
  plan: BuildPlan,
  base: ImageConfig | undefined,
): readonly StageStep[] | undefined {
  try {
    return finalSteps(text, base?.config ?? {}, { file: plan.dockerfile, args: plan.args });
  } catch (error) {
    if (error instanceof DockerfileError) return undefined;
    throw error;
  }
}

function explainSave(error: unknown, cli: ContainerCli): unknown {
  if (!(error instanceof CommandError)) return error;
  const problem = `${cli.name} cannot export the image that it has built: ${error.message}`;
  return new PipelineError('SAVE_FAILED', `${problem}\nFix: build again.`, { cause: error });
}
