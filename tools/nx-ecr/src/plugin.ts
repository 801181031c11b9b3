import { dirname } from 'node:path';
import { createNodesFromFiles, type CreateNodes } from '@nx/devkit';
import { imageFile } from '@typerush/image-registry';
import { provisionTarget } from './targets/provision/target';
import { infraMain } from './infra-project';
import { parsePluginOptions, type PluginOptions } from './plugin-options';
import { buildTarget } from './targets/build/target';
import { dockerBuildTarget } from './targets/docker-build/target';
import { dockerLockTarget } from './targets/docker-lock/target';
import { dockerPushTarget } from './targets/docker-push/target';
import { dockerScanTarget } from './targets/docker-scan/target';
import { dockerVerifyTarget } from './targets/docker-verify/target';

const imageTargets = (options: PluginOptions, workspaceRoot: string, hasInfra: boolean) => ({
  [options.buildTargetName]: buildTarget(options.buildTargetName, workspaceRoot),
  'docker-build': dockerBuildTarget(options),
  'docker-lock': dockerLockTarget(options),
  'docker-verify': dockerVerifyTarget(options),
  'docker-push': dockerPushTarget(options),
  'docker-scan': dockerScanTarget(options),
  ...(hasInfra && { provision: provisionTarget('{projectName}') }),
});

/**
 * Infers the image targets of every project that holds an `image.json`. The file's content is read when a
 * target runs, not here: a mistake in one service's file then fails that service's targets, and no other
 * command of the workspace. A workspace without stacks has nothing to provision.
 */
export const createNodes: CreateNodes = [
  `{**/${imageFile},${infraMain}}`,
  (files, options, context) => {
    const parsed = parsePluginOptions(options);
    const hasInfra = files.includes(infraMain);
    // For each project its own: Nx writes into them.
    const targets = () => imageTargets(parsed, context.workspaceRoot, hasInfra);
    return createNodesFromFiles(
      (file) => ({ projects: { [dirname(file)]: { root: dirname(file), targets: targets() } } }),
      files.filter((file) => file !== infraMain),
      options,
      context,
    );
  },
];
