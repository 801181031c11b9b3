import type * as events from 'aws-cdk-lib/aws-events';
import { repositoryPrefixes } from '../repository-prefixes';
import { type FindingSeverity, severitiesFrom } from '@typerush/image-registry';

const scan = { source: ['aws.ecr'], detailType: ['ECR Image Scan'] };

const namespaces = (repositoryNames: readonly string[]) =>
  repositoryPrefixes(repositoryNames).map((prefix) => ({ prefix }));

/**
 * Scans that found anything of a severity from the threshold up: an event counts the severities that it found, and leaves
 * out the others. https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export function findingsPattern(
  repositoryNames: readonly string[],
  threshold: FindingSeverity,
): events.EventPattern {
  const found = severitiesFrom(threshold).map((severity) => ({
    'finding-severity-counts': { [severity]: [{ numeric: ['>', 0] }] },
  }));
  return {
    ...scan,
    detail: {
      'scan-status': ['COMPLETE'],
      'repository-name': namespaces(repositoryNames),
      ...(found.length === 1 ? found[0] : { $or: found }),
    },
  };
}

export function failedScanPattern(repositoryNames: readonly string[]): events.EventPattern {
  return {
    ...scan,
    detail: { 'scan-status': ['FAILED'], 'repository-name': namespaces(repositoryNames) },
  };
}

/** https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html */
export function inspectorFindingsPattern(
  repositoryNames: readonly string[],
  threshold: FindingSeverity,
): events.EventPattern {
  return {
    source: ['aws.inspector2'],
    detailType: ['Inspector2 Finding'],
    detail: {
      status: ['ACTIVE'],
      severity: severitiesFrom(threshold),
      resources: {
        type: ['AWS_ECR_CONTAINER_IMAGE'],
        details: { awsEcrContainerImage: { repositoryName: namespaces(repositoryNames) } },
      },
    },
  };
}
