import { stat } from 'node:fs/promises';
import { type Plugin } from 'esbuild';
import { PipelineError } from '../pipeline-error';
import { bundleDependencies } from './bundle-dependencies';
import { bundleFailure, isBuildFailure } from './bundle-failure';
import { type Bundle } from './bundle-file';
import { bundleOwnCode } from './bundle-own-code';
import { type BundlePlan } from './bundle-plan';
import { externalsOf, inputsOf, ownFiles, packagesOf } from './composition';
import { decoratorMetadata } from './decorator-metadata';
import { readExtraSettings } from './extra-settings';
import { findDependencies } from './find-dependencies';
import { mergeCopies } from './merge-copies';
import { missingOptionals } from './missing-optionals';
import { Omissions } from './omit';
import { type PassResult, type Workshop } from './pass';
import { placelessText } from './placeless-text';
import { type Dependency } from './reference';
import { copiesOfSameVersion, readLockedPackages } from './same-version';
import { writeBundle } from './write-bundle';

/**
 * Bundles a service into a folder for third-party code and one for its own.
 *
 * @throws PipelineError `BUNDLE_FAILED`, `MAIN_MISSING`, `ASSET_MISSING`, `OMITTED_NOTHING`, `ESBUILD_CONFIG_INVALID`,
 *   `SWC_MISSING`; what stood in the folder then stands
 */
export async function bundleService(plan: BundlePlan, project: string): Promise<Bundle> {
  await stat(plan.main).catch((cause: unknown) => {
    throw new PipelineError(
      'MAIN_MISSING',
      `${plan.main} is not there: create it, or name another "main".`,
      {
        cause,
      },
    );
  });
  try {
    return await makeBundle(plan);
  } catch (error) {
    throw isBuildFailure(error) ? bundleFailure(error, project) : error;
  }
}

async function makeBundle(plan: BundlePlan): Promise<Bundle> {
  const workshop: Workshop = {
    plan,
    extra: await readExtraSettings(plan.esbuildConfig),
    ownCode: plan.decoratorMetadata ? [decoratorMetadata(plan.workspaceRoot)] : [],
  };
  const dependencies = await findDependencies(workshop);
  const [third, own] = await Promise.all([
    bundleThirdParty(workshop, dependencies),
    bundleOwnCode(workshop, dependencies),
  ]);
  const metafiles = [third.metafile, own.metafile];
  const inputs = inputsOf(metafiles);
  const composition = {
    main: 'service/main.js',
    packages: await packagesOf(inputs, plan.workspaceRoot),
    own: ownFiles(inputs, plan.workspaceRoot),
    external: externalsOf(metafiles),
  };
  const files = [
    { file: 'dependencies/index.js', content: textOf(third) },
    { file: composition.main, content: textOf(own) },
  ];
  const describe = (outputs: Bundle['outputs']) => ({ ...composition, outputs });
  return writeBundle(plan.folder, files, plan.assets, describe);
}

async function bundleThirdParty(workshop: Workshop, dependencies: readonly Dependency[]) {
  const { workspaceRoot, omit } = workshop.plan;
  const omissions = new Omissions(omit);
  const originals = copiesOfSameVersion(await readLockedPackages(workspaceRoot));
  const plugins = [mergeCopies(workspaceRoot, originals), omissions.plugin];
  const result = await withoutMissingOptionals(workshop, dependencies, plugins);
  omissions.check();
  return result;
}

async function withoutMissingOptionals(
  workshop: Workshop,
  dependencies: readonly Dependency[],
  plugins: readonly Plugin[],
): Promise<PassResult> {
  const bundle = (external: readonly string[]) =>
    bundleDependencies(workshop, dependencies, { plugins, external });
  try {
    return await bundle([]);
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const missing = await missingOptionals(error, workshop.plan.workspaceRoot);
    if (!missing) throw error;
    return bundle(missing);
  }
}

const textOf = ({ outputFiles, metafile }: PassResult) =>
  placelessText(outputFiles[0]?.text ?? '', Object.keys(metafile.inputs));
