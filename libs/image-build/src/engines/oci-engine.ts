import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { buildImage, checkFinalStage, DockerfileError } from '@typerush/oci';
import { type BuiltImage, layoutFolder } from '@typerush/pipeline-context';
import { type ProgressReporter } from '@typerush/terminal-output';
import { basesOf } from '../base-lock/base-images';
import { type BuildPlan } from '../build-plan';
import { type Availability, builtImage, type BuildRequest, type ImageEngine } from './image-engine';

/** The stage of the Dockerfile that Nx has run on this machine. */
const buildStage = 'build';

/** Writes layers and manifests in JavaScript: without a daemon or root, and with the same digest on every machine. */
export class OciEngine implements ImageEngine {
  readonly name = 'oci';

  constructor(private readonly variables: NodeJS.ProcessEnv) {}

  async detect({ dockerfile, args }: BuildRequest): Promise<Availability> {
    try {
      const text = await readFile(dockerfile, 'utf8');
      checkFinalStage(text, { file: dockerfile, args, hostStages: [buildStage] });
    } catch (error) {
      if (error instanceof DockerfileError && error.code === 'DOCKERFILE_UNSUPPORTED') {
        return { available: false, code: error.code, reason: error.message };
      }
      // The build reports an invalid Dockerfile, in the same words for every engine.
    }
    return {
      available: true,
      detail:
        'The built-in engine needs only Node, and the final stage of the Dockerfile has no RUN.',
    };
  }

  async build(plan: BuildPlan, reporter: ProgressReporter): Promise<BuiltImage> {
    const built = await buildImage({
      dockerfile: plan.dockerfile,
      args: plan.args,
      stages: { [buildStage]: { root: plan.workspaceRoot } },
      context: plan.workspaceRoot,
      platforms: plan.platforms,
      base: basesOf(plan, this.variables, (message) => reporter.note(message)),
      outDir: path.join(plan.outDir, layoutFolder),
    });
    return builtImage('oci', plan, built);
  }
}
