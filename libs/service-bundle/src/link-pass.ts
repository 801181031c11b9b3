import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build, type BuildOptions, type Message, type Metafile, type Plugin } from 'esbuild';
import * as z from 'zod';
import { PipelineError } from '@typerush/pipeline-context';
import { runtimeWarnings } from './bundle-failure';
import { type BundlePlan } from './bundle-plan';
import { type ResolvedImports } from './dependency';

/** Shared by all passes over a bundle. */
export interface LinkContext {
  readonly plan: BundlePlan;
  readonly settings: EsbuildSettings;
  /** Plugins of each pass that reads own code. */
  readonly ownCode: readonly Plugin[];
  readonly resolved: ResolvedImports;
}

interface LinkPass extends Omit<BuildOptions, 'write' | 'metafile' | 'plugins'> {
  /** Relative to the folder of the bundle. */
  readonly outfile: string;
  readonly plugins: readonly Plugin[];
}

export interface LinkedOutput {
  readonly text: string;
  /** The bytes in the text by input file, relative to the workspace; without generated modules. */
  readonly inputs: ReadonlyMap<string, number>;
  readonly imports: Metafile['outputs'][string]['imports'];
  readonly warnings: readonly Message[];
}

/** ES modules read `import.meta.url`, which CommonJS does not have. */
const moduleUrl = '__bundleUrl';

/** Runs esbuild with the settings of all passes. Nothing is written, and the output does not depend on the machine. */
export async function link({ plan, settings }: LinkContext, pass: LinkPass): Promise<LinkedOutput> {
  const { outputFiles, metafile, warnings } = await build({
    ...settings,
    absWorkingDir: plan.workspaceRoot,
    bundle: true,
    platform: 'node',
    target: plan.target,
    treeShaking: true,
    // Frameworks, logs and stack traces identify classes and functions by their names.
    keepNames: true,
    charset: 'utf8',
    logLevel: 'silent',
    logLimit: 0,
    logOverride: Object.fromEntries(runtimeWarnings.map((id) => [id, 'warning'])),
    format: 'cjs',
    banner: { js: `const ${moduleUrl} = require("node:url").pathToFileURL(__filename).href;` },
    ...pass,
    external: [...plan.external, ...(pass.external ?? [])],
    define: {
      'import.meta.url': moduleUrl,
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
      ...settings.define,
    },
    outfile: `${plan.folder}/${pass.outfile}`,
    plugins: [...pass.plugins, ...(settings.plugins ?? [])],
    write: false,
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  const inputs = Object.entries(output?.inputs ?? {})
    .map(([file, { bytesInOutput }]) => [file, bytesInOutput] as const)
    .filter(([file, bytes]) => bytes > 0 && !isGenerated(file));
  return {
    text: outputFiles[0]?.text ?? '',
    inputs: new Map(inputs),
    imports: output?.imports ?? [],
    warnings,
  };
}

const isGenerated = (file: string) => /^(dependency|link):|^dependencies$/.test(file);

/** A JavaScript project may have no tsconfig.json; a configuration of another name must exist. */
export const tsConfigOf = ({ tsConfig }: BundlePlan) =>
  path.basename(tsConfig) === 'tsconfig.json' && !existsSync(tsConfig) ? undefined : tsConfig;

/** The settings of esbuild that a workspace may add; the others define what a bundle is. */
type EsbuildSettings = Pick<
  BuildOptions,
  'plugins' | 'define' | 'loader' | 'conditions' | 'mainFields'
>;

const settingsSchema = z.strictObject({
  plugins: z.array(z.looseObject({ name: z.string() })).optional(),
  define: z.record(z.string(), z.string()).optional(),
  loader: z.record(z.string(), z.string()).optional(),
  conditions: z.array(z.string()).optional(),
  mainFields: z.array(z.string()).optional(),
});

/** @throws PipelineError `ESBUILD_CONFIG_INVALID` */
export async function readEsbuildSettings(file: string | undefined): Promise<EsbuildSettings> {
  if (file === undefined) return {};
  try {
    const module = createRequire(file)(file) as { readonly default?: unknown } | undefined;
    const settings = module?.default ?? module;
    settingsSchema.parse(settings);
    return settings as EsbuildSettings;
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new PipelineError(
      'ESBUILD_CONFIG_INVALID',
      `Cannot use the settings of esbuild in ${file}:\n${reason}\n` +
        'Fix: export only plugins, define, loader, conditions and mainFields.',
      { cause },
    );
  }
}
