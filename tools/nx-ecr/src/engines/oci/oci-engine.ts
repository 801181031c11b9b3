import path from 'node:path';
import { buildImage } from '@typerush/oci';
import { basesOf } from '../../base-lock/bases';
import { layoutFolder, type BuiltImage } from '../../built-image';
import { type BuildPlan, type ImageEngine, type Narrator } from '../image-engine';
import { describeBuilt } from './describe-built';

/** The stage of the Dockerfile that Nx has already run on this machine. */
const buildStage = 'build';

type Variables = Readonly<Record<string, string | undefined>>;

/** Writes layers and manifests in JavaScript: no daemon, no root, the same digest anywhere. */
export class OciEngine implements ImageEngine {
  readonly name = 'oci';

  constructor(private readonly variables: Variables) {}

  async detect() {
    return { available: true, detail: 'The built-in engine needs nothing but Node.' } as const;
  }

  async build(plan: BuildPlan, narrator: Narrator): Promise<BuiltImage> {
    const built = await buildImage({
      dockerfile: plan.dockerfile,
      args: plan.args,
      stages: { [buildStage]: { root: plan.workspaceRoot } },
      platforms: plan.platforms,
      base: basesOf(plan, this.variables, (message) => narrator.note(message)),
      outDir: path.join(plan.outDir, layoutFolder),
    });
    return describeBuilt(plan, built);
  }
}
