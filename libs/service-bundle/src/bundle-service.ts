import { stat } from 'node:fs/promises';
import { type Plugin } from 'esbuild';
import { PipelineError } from '@typerush/pipeline-context';
import { bundleDependencies } from './bundle-dependencies';
import { bundleFailure, isBuildFailure } from './bundle-failure';
import { type Bundle } from './bundle-file';
import { bundleOwnCode } from './bundle-own-code';
import { type BundlePlan } from './bundle-plan';
import { composition } from './composition';
import { decoratorMetadata } from './decorator-metadata';
import { readExtraSettings } from './extra-settings';
import { developmentOptionals, withoutDevelopmentOptionals } from './development-optionals';
import { findDependencies } from './find-dependencies';
import { linkedOutput } from './linked-output';
import { mergeCopies } from './merge-copies';
import { missingOptionals } from './missing-optionals';
import { Omissions } from './omit';
import { type PassResult, type Workshop } from './pass';
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
    linkThirdParty(workshop, dependencies).then(linkedOutput),
    bundleOwnCode(workshop, dependencies).then(linkedOutput),
  ]);
  const main = 'service/main.js';
  const files = [
    { file: 'dependencies/index.js', content: third.text },
    { file: main, content: own.text },
  ];
  const composed = await composition([third, own], plan.workspaceRoot);
  const describe = (outputs: Bundle['outputs']) => ({ main, ...composed, outputs });
  return writeBundle(plan.folder, files, plan.assets, describe);
}

async function linkThirdParty(workshop: Workshop, dependencies: readonly Dependency[]) {
  const { workspaceRoot, omit } = workshop.plan;
  const omissions = new Omissions(omit);
  const locked = await readLockedPackages(workspaceRoot);
  const plugins = [
    withoutDevelopmentOptionals(workspaceRoot, developmentOptionals(locked)),
    mergeCopies(workspaceRoot, copiesOfSameVersion(locked)),
    omissions.plugin,
  ];
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
