import path from 'node:path';
import { type BuildOptions as EsbuildOptions } from 'esbuild';
import { PipelineError } from '@typerush/pipeline-context';

/** What the executor is told; paths are relative to the workspace. Described in its schema. */
export interface BundleOptions {
  readonly main: string;
  readonly tsConfig: string;
  readonly outputPath: string;
  readonly target: string;
  readonly external: readonly string[];
  readonly omit: readonly string[];
  readonly assets: readonly Asset[];
  readonly decoratorMetadata: boolean;
  readonly esbuildConfig?: string;
}

export interface Asset {
  /** A file or a folder. */
  readonly from: string;
  /** Relative to the bundle: in `service/` or `public/`. */
  readonly to: string;
}

/** The same with absolute paths. */
export interface BundlePlan extends BundleOptions {
  readonly workspaceRoot: string;
  /** What it fills. */
  readonly folder: string;
}

/** Settings of esbuild that a workspace may add; the others are what makes a bundle one. */
export type ExtraSettings = Pick<
  EsbuildOptions,
  'plugins' | 'define' | 'loader' | 'conditions' | 'mainFields'
>;

/** Each is a layer of the image, in this order: what changes least comes first. */
export const bundleFolders = ['dependencies', 'public', 'service'] as const;

/** @throws PipelineError `ASSET_INVALID` */
export function planBundle(options: BundleOptions, workspaceRoot: string): BundlePlan {
  const at = (file: string) => path.resolve(workspaceRoot, file);
  const { esbuildConfig } = options;
  return {
    ...options,
    workspaceRoot,
    main: at(options.main),
    tsConfig: at(options.tsConfig),
    folder: at(options.outputPath),
    assets: options.assets.map(({ from, to }) => ({ from: at(from), to: placeOf(from, to) })),
    esbuildConfig: esbuildConfig === undefined ? undefined : at(esbuildConfig),
  };
}

function placeOf(from: string, to: string): string {
  const place = path.posix.normalize(to);
  if (/^(service|public)(\/|$)/.test(place)) return place;
  throw new PipelineError(
    'ASSET_INVALID',
    `The asset ${from} is to go to "${to}": name a place in "service/" (beside main.js) or in "public/".`,
  );
}
