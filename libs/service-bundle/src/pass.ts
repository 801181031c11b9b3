import { existsSync } from 'node:fs';
import path from 'node:path';
import { build, type BuildOptions as EsbuildOptions, type BuildResult, type Plugin } from 'esbuild';
import { type BundlePlan, type ExtraSettings } from './bundle-plan';

export type PassResult = BuildResult<{ write: false; metafile: true }>;

/** What every pass over a bundle needs. */
export interface Workshop {
  readonly plan: BundlePlan;
  readonly extra: ExtraSettings;
  /** That see to our own code, in each pass that reads it. */
  readonly ownCode: readonly Plugin[];
}

/** ES modules ask for their address, which CommonJS does not have. */
const moduleUrl = '__bundleUrl';

const commonJs = {
  format: 'cjs',
  banner: { js: `const ${moduleUrl} = require("node:url").pathToFileURL(__filename).href;` },
} as const;

interface Pass extends Omit<EsbuildOptions, 'write' | 'metafile' | 'plugins'> {
  /** Relative to the bundle's folder. */
  readonly outfile: string;
  readonly plugins: readonly Plugin[];
}

/** Runs esbuild with what all passes share. Nothing in it depends on the machine, and nothing is written. */
export function runPass({ plan, extra }: Workshop, pass: Pass): Promise<PassResult> {
  return build({
    ...extra,
    absWorkingDir: plan.workspaceRoot,
    bundle: true,
    platform: 'node',
    target: plan.target,
    ...compilerSettings(plan),
    treeShaking: true,
    // Frameworks, logs and stack traces tell classes and functions by their names.
    keepNames: true,
    charset: 'utf8',
    logLevel: 'silent',
    logLimit: 0,
    ...commonJs,
    ...pass,
    external: [...plan.external, ...(pass.external ?? [])],
    define: {
      'import.meta.url': moduleUrl,
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
      ...extra.define,
    },
    outfile: `${plan.folder}/${pass.outfile}`,
    plugins: [...pass.plugins, ...(extra.plugins ?? [])],
    write: false,
    metafile: true,
  });
}

/** A project in JavaScript need not have the file by its usual name; one that was named has to be there. */
const compilerSettings = ({ tsConfig }: BundlePlan) =>
  path.basename(tsConfig) === 'tsconfig.json' && !existsSync(tsConfig)
    ? {}
    : { tsconfig: tsConfig };
