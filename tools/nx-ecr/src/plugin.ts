import { dirname } from 'node:path';
import { createNodesFromFiles, type CreateNodes } from '@nx/devkit';
import { imageFile } from '@typerush/image-registry';
import { provisionTarget } from './targets/provision/target';
import { infraMain } from './infra-project';
import { parsePluginOptions, type PluginOptions } from './plugin-options';
import { buildTarget } from './targets/build/target';
import { dockerAuditTarget } from './targets/docker-audit/target';
import { dockerBuildTarget } from './targets/docker-build/target';
import { dockerDeployTarget } from './targets/docker-deploy/target';
import { dockerDiffTarget } from './targets/docker-diff/target';
import { dockerLockTarget } from './targets/docker-lock/target';
import { dockerPromoteTarget } from './targets/docker-promote/target';
import { dockerPushTarget } from './targets/docker-push/target';
import { dockerRollbackTarget } from './targets/docker-rollback/target';
import { dockerScanTarget } from './targets/docker-scan/target';
import { dockerVerifyTarget } from './targets/docker-verify/target';
import { nxReleasePublishTarget } from './targets/nx-release-publish/target';

const imageTargets = (options: PluginOptions, workspaceRoot: string, hasInfra: boolean) => ({
  [options.buildTargetName]: buildTarget(options.buildTargetName, workspaceRoot),
  'docker-build': dockerBuildTarget(options),
  'docker-lock': dockerLockTarget(options),
  'docker-verify': dockerVerifyTarget(options),
  'docker-audit': dockerAuditTarget(options),
  'docker-push': dockerPushTarget(options),
  'docker-diff': dockerDiffTarget(options),
  'docker-scan': dockerScanTarget(options),
  'docker-promote': dockerPromoteTarget(options),
  'docker-rollback': dockerRollbackTarget(options),
  'nx-release-publish': nxReleasePublishTarget(),
  ...(hasInfra && {
    provision: provisionTarget('{projectName}'),
    'docker-deploy': dockerDeployTarget(),
  }),
});

/**
 * Infers the image targets of every project that holds an `image.json`. The file's content is read when a
 * target runs, not here: an invalid file of one service then fails only the targets of that service. A workspace
 * without stacks has no targets provision and docker-deploy.
 */
export const createNodes: CreateNodes = [
  `{**/${imageFile},${infraMain}}`,
  (files, options, context) => {
    const parsed = parsePluginOptions(options);
    const hasInfra = files.includes(infraMain);
    // Each project needs its own: Nx modifies them.
    const targets = () => imageTargets(parsed, context.workspaceRoot, hasInfra);
    return createNodesFromFiles(
      (file) => ({ projects: { [dirname(file)]: { root: dirname(file), targets: targets() } } }),
      files.filter((file) => file !== infraMain),
      options,
      context,
    );
  },
];
