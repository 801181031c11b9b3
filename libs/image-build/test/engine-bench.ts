import { type BuiltImage } from '@typerush/pipeline-context';
import { type BuildPlan, type ImageEngine } from '../src/engines/image-engine';
import { type EngineWorkspace } from './engine-workspace';

export const silent = { progress: () => undefined, note: () => undefined };

export interface EngineUnderTest {
  /** @param options `noCache` runs every step anew */
  readonly create: (options: { readonly noCache: boolean }) => ImageEngine;
  /** Where the oci engine, which every other one is compared with, keeps its base images. */
  readonly cacheHome: string;
  /** Of a container engine: its command line. */
  readonly client?: string;
  /** @default true */
  readonly buildsForOthers?: boolean;
}

export interface Bench extends EngineUnderTest {
  readonly workspace: EngineWorkspace;
  readonly engine: ImageEngine;
  build(changes?: Partial<BuildPlan>): Promise<BuiltImage>;
  /** The same plan, built by the oci engine. */
  reference(changes?: Partial<BuildPlan>): Promise<BuiltImage>;
}
