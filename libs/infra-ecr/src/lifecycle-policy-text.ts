import {
  checkLifecyclePolicy,
  type LifecyclePolicy,
  movingTags,
  type RetentionNumbers,
  retentionPolicy,
  type RetentionProfile,
} from '@typerush/image-registry';
import { RegistryDefinitionError } from './registry-definition-error';

/**
 * The text of a repository's lifecycle policy, free of what ECR would reject and of ineffective rules.
 *
 * @throws RegistryDefinitionError LIFECYCLE_POLICY that names each rule and its remedy.
 */
export function lifecyclePolicyText(
  repositoryName: string,
  retention: RetentionProfile | LifecyclePolicy,
  keep?: RetentionNumbers,
): string {
  const isProfile = typeof retention === 'string';
  const text = JSON.stringify(isProfile ? retentionPolicy(retention, keep) : retention);
  const issues = checkLifecyclePolicy(text, isProfile ? { movingTags: movingTags[retention] } : {});
  if (issues.length === 0) return text;
  throw new RegistryDefinitionError(
    'LIFECYCLE_POLICY',
    [
      `The lifecycle policy of ${repositoryName} cannot be deployed:`,
      ...issues.map(({ message }) => `  - ${message}`),
    ].join('\n'),
  );
}
