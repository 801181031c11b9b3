import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { matchesPattern, rendered } from '../../test/event-pattern';
import { findings } from '../../test/findings';
import { eventFaults } from '../../test/service-spec';
import { AlertTopic } from '../alerts/alert-topic';
import { EnhancedScanning } from './enhanced-scanning';
import { findingSeverities } from '@typerush/image-registry';
import {
  failedScanPattern,
  findingsPattern,
  inspectorFindingsPattern,
  ScanAlerts,
  type ScanAlertsProps,
} from './scan-alerts';

const repositoryNames = ['typerush/game-service', 'platform-dev/api'];

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html */
const scan = (detail: object) => ({
  version: '0',
  'detail-type': 'ECR Image Scan',
  source: 'aws.ecr',
  account: '123456789012',
  region: 'us-east-1',
  detail: {
    'scan-status': 'COMPLETE',
    'repository-name': 'typerush/game-service',
    'finding-severity-counts': { CRITICAL: 10, MEDIUM: 9 },
    'image-digest': 'sha256:7f5b2640fe6fb4f46592dfd3410c4a79dac4f89e4782432e0378abcd1234',
    'image-tags': [],
    ...detail,
  },
});

/** https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html */
const finding = (detail: object, repositoryName = 'typerush/game-service') => ({
  'detail-type': 'Inspector2 Finding',
  source: 'aws.inspector2',
  detail: {
    severity: 'CRITICAL',
    status: 'ACTIVE',
    title: 'CVE-2026-0001 - openssl',
    resources: [
      {
        id: 'arn:aws:ecr:us-east-1:123456789012:repository/typerush/game-service/sha256:98c0',
        type: 'AWS_ECR_CONTAINER_IMAGE',
        details: { awsEcrContainerImage: { repositoryName, imageTags: ['latest'] } },
      },
    ],
    ...detail,
  },
});

describe('the pattern of findings', () => {
  const critical = rendered(findingsPattern(repositoryNames, 'CRITICAL'));
  const medium = rendered(findingsPattern(repositoryNames, 'MEDIUM'));
  const counts = (of: Record<string, number>) => scan({ 'finding-severity-counts': of });

  it.each([
    ['critical ones', { CRITICAL: 1 }, true, true],
    ['medium ones', { MEDIUM: 3, LOW: 1 }, false, true],
    ['high ones', { HIGH: 1 }, false, true],
    ['low ones', { LOW: 80 }, false, false],
    ['none', {}, false, false],
    ['none, counted', { CRITICAL: 0, HIGH: 0, MEDIUM: 0 }, false, false],
  ])('with %s takes a scan by its threshold', (_, found, fromCritical, fromMedium) => {
    expect(matchesPattern(critical, counts(found))).toBe(fromCritical);
    expect(matchesPattern(medium, counts(found))).toBe(fromMedium);
  });

  it('matches only the repositories of its namespaces', () => {
    const of = (name: string) => scan({ 'repository-name': name });
    expect(matchesPattern(critical, of('platform-dev/workers'))).toBe(true);
    expect(matchesPattern(critical, of('platform-prod/api'))).toBe(false);
    expect(matchesPattern(critical, of('somebody/typerush/api'))).toBe(false);
  });

  it('does not match a failed scan, which has no findings', () => {
    expect(matchesPattern(critical, scan({ 'scan-status': 'FAILED' }))).toBe(false);
  });

  it.each(findingSeverities)('fits into what EventBridge takes, from %s up', (threshold) => {
    const hundred = Array.from({ length: 100 }, (_, nth) => `typerush/service-${nth}`);
    const pattern = JSON.stringify(rendered(findingsPattern(hundred, threshold)));
    expect(pattern.length).toBeLessThan(2048);
  });
});

describe('the pattern of failed scans', () => {
  const failed = rendered(failedScanPattern(repositoryNames));

  it('takes scans that failed, and no other', () => {
    expect(matchesPattern(failed, scan({ 'scan-status': 'FAILED' }))).toBe(true);
    expect(matchesPattern(failed, scan({}))).toBe(false);
  });
});

describe('the pattern of Inspector’s findings', () => {
  const high = rendered(inspectorFindingsPattern(repositoryNames, 'HIGH'));

  it.each([
    ['from the threshold up', finding({ severity: 'HIGH' }), true],
    ['below it', finding({ severity: 'MEDIUM' }), false],
    ['that is closed', finding({ status: 'CLOSED' }), false],
    ['in another namespace', finding({}, 'somebody/api'), false],
    [
      'in something else than an image',
      finding({ resources: [{ type: 'AWS_EC2_INSTANCE', details: {} }] }),
      false,
    ],
  ])('decides on one %s', (_, event, taken) => {
    expect(matchesPattern(high, event)).toBe(taken);
  });
});

describe('every pattern, and every event in these tests', () => {
  it.each<[string, object]>([
    ['findings', rendered(findingsPattern(repositoryNames, 'LOW'))],
    ['failed scans', rendered(failedScanPattern(repositoryNames))],
    ['Inspector’s findings', rendered(inspectorFindingsPattern(repositoryNames, 'LOW'))],
    ['a scan', scan({})],
    ['a finding', finding({})],
  ])('has only fields that AWS sends: %s', (_, each) => {
    expect(eventFaults(each)).toEqual([]);
  });
});

function add(stack: Stack, props: Partial<ScanAlertsProps> = {}): void {
  new ScanAlerts(stack, 'Scans', {
    name: 'typerush-dev-registry-scanning',
    repositoryNames,
    topic: AlertTopic.fromTopicName(stack, 'alerts'),
    ...props,
  });
}

function synthesize(props?: Partial<ScanAlertsProps>): Template {
  const stack = new Stack(new App(), 'Test');
  add(stack, props);
  return Template.fromStack(stack);
}

const topicArn = { 'Fn::Join': ['', Match.arrayWith([':alerts'])] };

describe('the alerts of scans', () => {
  it('notify the topic of critical findings and of failed scans', () => {
    const template = synthesize();
    template.resourceCountIs('AWS::Events::Rule', 2);
    template.allResourcesProperties('AWS::Events::Rule', {
      State: 'ENABLED',
      Targets: [Match.objectLike({ Arn: topicArn })],
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: rendered(findingsPattern(repositoryNames, 'CRITICAL')),
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: rendered(failedScanPattern(repositoryNames)),
    });
  });

  it('name the image, the findings and the remedy', () => {
    synthesize().hasResourceProperties('AWS::Events::Rule', {
      Targets: [
        Match.objectLike({
          InputTransformer: {
            InputPathsMap: {
              'detail-repository-name': '$.detail.repository-name',
              'detail-image-digest': '$.detail.image-digest',
              'detail-finding-severity-counts': '$.detail.finding-severity-counts',
            },
            InputTemplate: Match.stringLikeRegexp(
              '^"Findings from CRITICAL up in <detail-repository-name> <detail-image-digest>: <detail-finding-severity-counts>\\. Do not deploy',
            ),
          },
        }),
      ],
    });
  });

  it('come from Inspector if it scans', () => {
    const template = synthesize({ enhanced: true, threshold: 'HIGH' });
    template.resourceCountIs('AWS::Events::Rule', 1);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: rendered(inspectorFindingsPattern(repositoryNames, 'HIGH')),
      Targets: [Match.objectLike({ Arn: topicArn })],
    });
  });

  it.each([false, true])(
    'raise an alarm when they cannot be delivered (enhanced: %s)',
    (enhanced) => {
      const template = synthesize({ enhanced });
      const rules = Object.keys(template.findResources('AWS::Events::Rule'));
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmActions: [topicArn],
        Threshold: 1,
        TreatMissingData: 'notBreaching',
        Metrics: Match.arrayWith(
          rules.map((Ref) =>
            Match.objectLike({
              MetricStat: Match.objectLike({
                Metric: {
                  Namespace: 'AWS/Events',
                  MetricName: 'FailedInvocations',
                  Dimensions: [{ Name: 'RuleName', Value: { Ref } }],
                },
              }),
            }),
          ),
        ),
      });
    },
  );

  it('give cdk-nag nothing to find', () => {
    expect(findings(add)).toEqual([]);
  });
});

describe('enhanced scanning', () => {
  const scanning = (continuous?: boolean) => {
    const stack = new Stack(new App(), 'Test');
    new EnhancedScanning(stack, 'Scanning', { repositoryNames, continuous });
    return Template.fromStack(stack);
  };

  it.each([
    [undefined, 'CONTINUOUS_SCAN'],
    [false, 'SCAN_ON_PUSH'],
  ])('covers only the registry’s namespaces (continuous: %s)', (continuous, ScanFrequency) => {
    scanning(continuous).hasResourceProperties('AWS::ECR::RegistryScanningConfiguration', {
      ScanType: 'ENHANCED',
      Rules: [
        {
          ScanFrequency,
          RepositoryFilters: [
            { Filter: 'platform-dev/*', FilterType: 'WILDCARD' },
            { Filter: 'typerush/*', FilterType: 'WILDCARD' },
          ],
        },
      ],
    });
  });
});
