import path from 'node:path';
import { type Plugin } from 'esbuild';
import { isBuildFailure } from './bundle-failure';
import { entriesModule, reExportPackages } from './entries-module';
import { type UsedDependencies } from './find-dependencies';
import { mergeDuplicates } from './duplicate-packages';
import { link, type LinkContext, type LinkedOutput } from './link-pass';
import { withAddonsOfImage } from './native-addons';
import { Omissions } from './omissions';
import { DevelopmentOptionals, leaveOutDevelopmentOptionals } from './optional-packages';
import { type LockedPackages, readLockedPackages } from './package-lock';
import { packagesOf, type ShippedFile } from './shipped-files';
import { ShippingDecision } from './shipping-decision';
import { ShippingPass } from './shipping-pass';
import { type ShippedPackages } from './shipped-packages';
import { FileTracer } from './trace-files';

/** The third-party half of a bundle. */
export interface LinkedDependencies {
  readonly output: LinkedOutput;
  /** The packages that are not in the output, and why. */
  readonly shipped: ShippedPackages;
  readonly files: readonly ShippedFile[];
  /** Whether own code has to wait until ES modules are loaded. */
  readonly waits: boolean;
}

/**
 * Links the used part of third-party code. It depends on own code only through the names that this uses of a package and the
 * packages that its strings name: any other change there does not change the output.
 *
 * @throws PipelineError `OMITTED_NOTHING`, `NATIVE_ADDON`; BuildFailure
 */
export async function linkDependencies(
  context: LinkContext,
  used: UsedDependencies,
): Promise<LinkedDependencies> {
  const { plan } = context;
  const locked = await readLockedPackages(plan.workspaceRoot);
  const absent = new DevelopmentOptionals(plan.workspaceRoot, locked);
  const decision = new ShippingDecision(plan, used, absent);
  const tracer = new FileTracer(plan, absent);
  // Each round links without the packages that the previous one found: what they use is shipped as files too.
  for (;;) {
    const round = await linkRound(context, used, decision, locked);
    if (round === undefined) continue;
    const { pass, omissions, ...linked } = round;
    const modules = [...linked.output.inputs.keys()].map((file) =>
      path.join(plan.workspaceRoot, file),
    );
    if (await decision.add(pass.importers, modules)) continue;
    const loaded = [...pass.modules, ...(await decision.loadedByName())];
    const files = await tracer.trace(loaded, decision.leftOut);
    if (decision.addUsed(await packagesOf(files))) continue;
    omissions.check();
    return {
      ...linked,
      shipped: decision.shipped,
      files: await withAddonsOfImage(files, decision.shipped, plan.workspaceRoot),
    };
  }
}

/** @returns undefined if more packages must be left out of the bundle */
async function linkRound(
  context: LinkContext,
  { dependencies }: UsedDependencies,
  decision: ShippingDecision,
  locked: LockedPackages,
) {
  const { workspaceRoot, omit } = context.plan;
  const omissions = new Omissions(omit);
  const pass = new ShippingPass(decision.shipped, workspaceRoot);
  const entries = await Promise.all(dependencies.map((one) => pass.entry(one)));
  const plugins = [
    pass.plugin,
    reExportPackages(dependencies),
    leaveOutDevelopmentOptionals(workspaceRoot, locked),
    mergeDuplicates(workspaceRoot, locked),
    omissions.plugin,
  ];
  try {
    const contents = entriesModule(entries);
    const output = await linkEntries(context, contents, plugins, [...decision.missing]);
    const waits = entries.some(({ module }) => module !== undefined);
    return { output, waits, pass, omissions };
  } catch (error) {
    if (!isBuildFailure(error) || !(await decision.addFailed(error))) throw error;
    return undefined;
  }
}

const linkEntries = (
  context: LinkContext,
  contents: string,
  plugins: readonly Plugin[],
  external: string[],
): Promise<LinkedOutput> =>
  link(context, {
    stdin: { contents, sourcefile: 'dependencies', resolveDir: context.plan.workspaceRoot },
    outfile: 'dependencies/index.js',
    // The settings of the workspace are for its own code.
    tsconfigRaw: '{}',
    plugins,
    external,
    // Names that code can see are kept. Without this, esbuild names modules by their paths, which npm may change.
    minify: true,
    // Node prints the line that threw.
    lineLimit: 1_000,
  });
