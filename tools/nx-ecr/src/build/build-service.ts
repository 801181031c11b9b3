import { type BuiltImage, writeBuiltImage } from '../built-image';
import { type ImageEngine, type Narrator } from '../engines/image-engine';
import { selectEngine, type EngineChoice } from '../engines/select-engine';
import { type Report } from '../report';
import { type ServiceImage } from '../service-image';
import { planBuild, type BuildOptions } from './plan-build';
import { describeBuild, describeBuildPlan } from './describe-build';

export interface BuildServices {
  readonly engines: readonly ImageEngine[];
  readonly narrator: Narrator;
}

type Options = BuildOptions & { readonly engine: EngineChoice; readonly dryRun: boolean };

/** Builds one service's image and writes `image.json` about it. */
export async function buildService(
  image: ServiceImage,
  options: Options,
  { engines, narrator }: BuildServices,
): Promise<Report> {
  const plan = planBuild(image, options);
  const { engine, because } = await selectEngine(options.engine, engines, plan.platforms);
  if (options.dryRun) {
    return {
      data: { dryRun: true, engine: engine.name, ...plan },
      text: describeBuildPlan(plan, engine.name, because),
    };
  }
  narrator.progress(`${plan.service}: building with ${engine.name}. ${because}`);
  const built: BuiltImage = await engine.build(plan, narrator);
  await writeBuiltImage(plan.outDir, built);
  return { data: built, text: describeBuild(built, because) };
}
