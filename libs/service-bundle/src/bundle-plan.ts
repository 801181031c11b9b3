import path from 'node:path';
import { PipelineError } from '@typerush/pipeline-context';

/** Options of the build target; its schema documents them. Paths are relative to the workspace. */
export interface BundleOptions {
  readonly main: string;
  readonly tsConfig: string;
  readonly outputPath: string;
  readonly target: string;
  readonly external: readonly string[];
  readonly omit: readonly string[];
  /** By package: whether to ship it as files; undefined if it depends on what the package does. */
  readonly asFiles: Readonly<Record<string, boolean>>;
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

/** The options with absolute paths. */
export interface BundlePlan extends BundleOptions {
  readonly workspaceRoot: string;
  /** The folder of the bundle. */
  readonly folder: string;
}

/** Each becomes a layer of the image, in this order: the one that changes least comes first. */
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
    assets: options.assets.map(({ from, to }) => ({ from: at(from), to: assetPath(from, to) })),
    esbuildConfig: esbuildConfig === undefined ? undefined : at(esbuildConfig),
  };
}

function assetPath(from: string, to: string): string {
  const normalized = path.posix.normalize(to);
  if (/^(service|public)(\/|$)/.test(normalized)) return normalized;
  throw new PipelineError(
    'ASSET_INVALID',
    `Invalid path "${to}" of the asset ${from}. Expected a path in service/ (beside main.js) or public/.`,
  );
}
