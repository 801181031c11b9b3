import path from 'node:path';
import {
  autoBase,
  buildImage,
  defaultCacheDir,
  OciLayout,
  pushImage,
  registryBase,
  RegistryClient,
  standInBase,
  type BaseSource,
} from '@typerush/oci';
import { type BuiltImage } from '../../built-image';
import {
  type BuildPlan,
  type ImageEngine,
  type Narrator,
  type PushOutcome,
  type PushPlan,
} from '../image-engine';
import { describeBuilt } from './describe-built';

/** The stage of the Dockerfile that Nx has already run on this machine. */
const buildStage = 'build';
const layoutFolder = 'oci';

type Variables = Readonly<Record<string, string | undefined>>;

/** Writes layers, manifests and the push itself in JavaScript: no daemon, no root, the same digest anywhere. */
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
    return describeBuilt(plan, built, layoutFolder);
  }

  async push(plan: PushPlan, narrator: Narrator): Promise<PushOutcome> {
    const { digest, location } = plan.image;
    if (!digest) throw new Error('an image of the oci engine has a digest');
    const configs = plan.image.platforms.map(({ configDigest }) => configDigest);
    const layers = { uploaded: 0, present: 0 };
    await pushImage({
      layout: await OciLayout.open(path.join(plan.outDir, location)),
      digest,
      client: new RegistryClient(plan),
      repository: plan.repository,
      tags: plan.tags,
      onProgress: (event) => {
        if (event.kind !== 'blob' || configs.includes(event.digest)) return;
        layers[event.action] += 1;
        narrator.progress(`${event.digest.slice(0, 19)} ${event.action}`);
      },
    });
    return { uploadedLayers: layers.uploaded, presentLayers: layers.present };
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
