import { randomUUID } from 'node:crypto';
import { type Vulnerability } from '@typerush/image-scanning';
import { type EventBridgeEvent } from '../events/event';
import { type ImageIdentifier } from './ecr-types';
import { type StoredImage } from './images';
import { type ScanRecord } from './image-scans';
import { type Registry, repositoryArn } from './registry';
import { type CacheRule } from './registry-configuration';
import { type Repository } from './repository';
import { basicFindings, countBySeverity } from './scan-findings';

/** The events of https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html */
function event(
  { account, region, clock }: Registry,
  content: Pick<EventBridgeEvent, 'detail-type' | 'resources' | 'detail'> & { source?: string },
): EventBridgeEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': content['detail-type'],
    source: content.source ?? 'aws.ecr',
    account,
    time: `${clock().toISOString().slice(0, 19)}Z`,
    region,
    resources: content.resources,
    detail: content.detail,
  };
}

const tagOf = ({ imageTag }: ImageIdentifier) =>
  imageTag === undefined ? {} : { 'image-tag': imageTag };

/** A push or deletion of an image, by one of its tags if it has any. */
export const imageAction = (
  registry: Registry,
  repositoryName: string,
  action: 'PUSH' | 'DELETE',
  imageId: ImageIdentifier,
): EventBridgeEvent =>
  event(registry, {
    'detail-type': 'ECR Image Action',
    resources: [],
    detail: {
      result: 'SUCCESS',
      'repository-name': repositoryName,
      'image-digest': imageId.imageDigest,
      'action-type': action,
      ...tagOf(imageId),
    },
  });

/** An event of the destination. */
export const imageReplicated = (
  from: Pick<Registry, 'account' | 'region'>,
  to: Registry,
  repositoryName: string,
  result: 'SUCCESS' | 'FAILED',
  imageId: ImageIdentifier,
): EventBridgeEvent =>
  event(to, {
    'detail-type': 'ECR Replication Action',
    resources: [repositoryArn(to, repositoryName)],
    detail: {
      result,
      'repository-name': repositoryName,
      'image-digest': imageId.imageDigest,
      'source-account': from.account,
      'action-type': 'REPLICATE',
      'source-region': from.region,
      ...tagOf(imageId),
    },
  });

/** What came of an attempt to import an image. ECR's documentation has an example of a success; the failure code has no source. */
export type ImportOutcome =
  { readonly digest: string } | { readonly digest?: string; readonly failure: string };

/** A pull through cache action, which a pull has caused. */
export function imageImported(
  registry: Registry,
  rule: CacheRule,
  repositoryName: string,
  tag: string | undefined,
  outcome: ImportOutcome,
): EventBridgeEvent {
  const hasFailed = 'failure' in outcome;
  return event(registry, {
    'detail-type': 'ECR Pull Through Cache Action',
    resources: [repositoryArn(registry, repositoryName)],
    detail: {
      'rule-version': '1',
      'sync-status': hasFailed ? 'FAILED' : 'SUCCESS',
      'ecr-repository-prefix': rule.ecrRepositoryPrefix,
      'repository-name': repositoryName,
      'upstream-registry-url': rule.upstreamRegistryUrl,
      ...(tag !== undefined && { 'image-tag': tag }),
      ...(outcome.digest !== undefined && { 'image-digest': outcome.digest }),
      ...(hasFailed && {
        'failure-code': 'UnableToGetUpstreamImage',
        'failure-reason': outcome.failure,
      }),
    },
  });
}

/**
 * The end of a scan. That of an enhanced scan is an event of Amazon Inspector.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-events.html
 */
export function imageScanned(
  registry: Registry,
  repository: Repository,
  image: StoredImage,
  { status, scanType }: ScanRecord,
  vulnerabilities: readonly Vulnerability[],
): EventBridgeEvent {
  const arn = repositoryArn(registry, repository.name);
  const common = { 'image-digest': image.digest, 'image-tags': image.tags };
  if (scanType === 'BASIC') {
    return event(registry, {
      'detail-type': 'ECR Image Scan',
      resources: [arn],
      detail: {
        'scan-status': status,
        'repository-name': repository.name,
        'finding-severity-counts': countBySeverity(basicFindings(vulnerabilities)),
        ...common,
      },
    });
  }
  const bySeverity = new Map(vulnerabilities.map(({ id, severity }) => [id, { severity }]));
  return event(registry, {
    'detail-type': 'Inspector2 Scan',
    source: 'aws.inspector2',
    resources: [arn],
    detail: {
      'scan-status': status === 'COMPLETE' ? 'INITIAL_SCAN_COMPLETE' : status,
      'repository-name': arn,
      'finding-severity-counts': {
        ...countBySeverity([...bySeverity.values()]),
        TOTAL: bySeverity.size,
      },
      ...common,
    },
  });
}
