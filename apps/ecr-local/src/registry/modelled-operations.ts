import { creationTemplateOperations } from './operations/creation-templates';
import { lifecyclePreviewOperations } from './operations/lifecycle-preview';
import { pullThroughCacheOperations } from './operations/pull-through-cache';
import { pullTimeExclusionOperations } from './operations/pull-time-exclusions';
import { referrerOperations } from './operations/referrers';
import { registryPolicyOperations } from './operations/registry-policy';
import { registryScanningOperations } from './operations/registry-scanning';
import { replicationOperations, signingOperations } from './operations/replication';
import { scanOperations } from './operations/scans';
import { storageClassOperations } from './operations/storage-class';
import { type Registry } from './registry';

/** The operations that are checked against ECR's API model. */
export const modelledOperations = (registry: Registry) => ({
  ...registryPolicyOperations(registry),
  ...registryScanningOperations(registry),
  ...replicationOperations(registry),
  ...signingOperations(registry),
  ...pullThroughCacheOperations(registry),
  ...creationTemplateOperations(registry),
  ...pullTimeExclusionOperations(registry),
  ...storageClassOperations(registry),
  ...referrerOperations(registry),
  ...scanOperations(registry),
  ...lifecyclePreviewOperations(registry),
});

type Made = ReturnType<typeof modelledOperations>;

/** As they are called: a request is checked before anything else, so that it may be anything. */
export type ModelledOperations = {
  readonly [Name in keyof Made]: (request: unknown) => Promise<Awaited<ReturnType<Made[Name]>>>;
};
