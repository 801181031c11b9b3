import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { buildImage, DockerfileError, readRuntimeStage } from '@typerush/oci';
import { type ProgressReporter } from '@typerush/terminal-output';
import { basesOf } from '../../base-lock/bases';
import { layoutFolder, type BuiltImage } from '@typerush/pipeline-context';
import {
  type Availability,
  type BuildPlan,
  type BuildRequest,
  type ImageEngine,
} from '../image-engine';
import { describeBuilt } from '../describe-built';

/** The stage of the Dockerfile that Nx has already run on this machine. */
const buildStage = 'build';

type Variables = Readonly<Record<string, string | undefined>>;

/** Writes layers and manifests in JavaScript: no daemon, no root, the same digest anywhere. */
export class OciEngine implements ImageEngine {
  readonly name = 'oci';

  constructor(private readonly variables: Variables) {}

  async detect({ dockerfile, args }: BuildRequest): Promise<Availability> {
    try {
      readRuntimeStage(await readFile(dockerfile, 'utf8'), { file: dockerfile, args });
    } catch (error) {
      if (error instanceof DockerfileError && error.code === 'DOCKERFILE_UNSUPPORTED') {
        return {
          available: false,
          code: error.code,
          reason: error.message,
          remedy: '',
        };
      }
      // A mistake is told by the build, in the same words whatever engine is to build.
    }
    return {
      available: true,
      detail:
        'The built-in engine needs nothing but Node; it runs nothing, so the last stage of the Dockerfile has no RUN.',
    };
  }

  async build(plan: BuildPlan, reporter: ProgressReporter): Promise<BuiltImage> {
    const built = await buildImage({
      dockerfile: plan.dockerfile,
      args: plan.args,
      stages: { [buildStage]: { root: plan.workspaceRoot } },
      platforms: plan.platforms,
      base: basesOf(plan, this.variables, (message) => reporter.note(message)),
      outDir: path.join(plan.outDir, layoutFolder),
    });
    return describeBuilt('oci', plan, built);
  }
}
