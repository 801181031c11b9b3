import path from 'node:path';
import {
  autoBase,
  buildImage,
  defaultCacheDir,
  registryBase,
  standInBase,
  type BaseSource,
} from '@typerush/oci';
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
      base: this.baseFor(plan, narrator),
      outDir: path.join(plan.outDir, layoutFolder),
    });
    return describeBuilt(plan, built);
  }

  private baseFor(plan: BuildPlan, narrator: Narrator): BaseSource {
    const cacheDir = defaultCacheDir(this.variables);
    if (plan.base === 'stand-in') return standInBase({ cacheDir });
    const registry = registryBase({ cacheDir });
    if (plan.base === 'registry') return registry;
    return autoBase({
      registry,
      standIn: standInBase({ cacheDir }),
      allowStandIn: plan.allowStandIn,
      onFallback: (message) => narrator.note(message),
    });
  }
}
