import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { awsError } from '@typerush/image-registry/testing';
import { digest, fakeEcr, fakeImage } from '../../test/fake-ecr';
import {
  type Answer,
  callsBeyondRole,
  type Line,
  metricsOf,
  runInline,
} from '../../test/inline-function';
import { RegistryMetrics } from './registry-metrics';
import { RepositoryMeasurement } from './repository-measurement';

const stack = new Stack(new App(), 'Test');
new RepositoryMeasurement(stack, 'Measurement', {
  name: 'typerush-dev-registry-monitoring',
  repositoryNames: ['typerush/game-service', 'platform-dev/api'],
  metrics: new RegistryMetrics('typerush-dev'),
});
const template = Template.fromStack(stack);

const measure = async (answer: Answer) => {
  const lines = await runInline(template, answer);
  return { lines, metrics: new Map(lines.flatMap((line) => [...metricsOf(line)])) };
};

const of = (repository: string, metric: string) =>
  `Registry/typerush-dev ${metric} {Repository=${repository}}`;
const index = 'application/vnd.oci.image.index.v1+json';
const list = 'application/vnd.docker.distribution.manifest.list.v2+json';
const ofAll = (metric: string) => `Registry/typerush-dev ${metric} {Registry=typerush-dev}`;

describe('the code of the measurement', () => {
  it('counts images and bytes of every page, and those of an index once', async () => {
    const { answer } = fakeEcr({
      'typerush/game-service': [
        fakeImage(1),
        fakeImage(2),
        fakeImage(3, { imageManifestMediaType: index }),
        fakeImage(4, { imageManifestMediaType: list }),
        fakeImage(5),
      ],
    });
    const { metrics } = await measure(answer);
    expect(metrics.get(of('typerush/game-service', 'ImageCount'))).toBe(5);
    expect(metrics.get(of('typerush/game-service', 'RepositorySize'))).toBe(3000);
    expect(metrics.get(ofAll('RegistrySize'))).toBe(3000);
  });

  it('measures every repository of its namespaces, however many, and no other', async () => {
    const names = Array.from({ length: 23 }, (_, nth) => `typerush/service-${nth}`);
    const { answer, calls } = fakeEcr(
      Object.fromEntries(
        [...names, 'platform-dev/api', 'platform-prod/api', 'somebody/else'].map((name) => [
          name,
          [fakeImage(1)],
        ]),
      ),
    );
    const { lines } = await measure(answer);
    expect(lines.flatMap(({ Repository }) => Repository ?? []).sort()).toEqual(
      [...names, 'platform-dev/api'].sort(),
    );
    expect(calls.filter(({ command }) => command === 'DescribeImages')).toHaveLength(24);
  });

  it('reports the findings of the newest image', async () => {
    const { answer } = fakeEcr(
      {
        'typerush/game-service': [fakeImage(1), fakeImage(3), fakeImage(2)],
        'typerush/record-service': [fakeImage(4)],
      },
      {
        [digest(2)]: { status: 'COMPLETE', counts: { CRITICAL: 99 } },
        [digest(3)]: {
          status: 'COMPLETE',
          counts: { CRITICAL: 2, HIGH: 3, MEDIUM: 4, LOW: 5, UNDEFINED: 1 },
        },
        // Enhanced scanning goes on for as long as the image is eligible.
        [digest(4)]: { status: 'ACTIVE', counts: { HIGH: 7 } },
      },
    );
    const { metrics } = await measure(answer);
    expect(metrics.get(of('typerush/game-service', 'CriticalFindings'))).toBe(2);
    expect(metrics.get(of('typerush/game-service', 'HighFindings'))).toBe(3);
    expect(metrics.get(of('typerush/game-service', 'OtherFindings'))).toBe(10);
    expect(metrics.get(of('typerush/game-service', 'Unscanned'))).toBe(0);
    expect(metrics.get(of('typerush/record-service', 'CriticalFindings'))).toBe(0);
    expect(metrics.get(ofAll('CriticalFindings'))).toBe(2);
    expect(metrics.get(ofAll('HighFindings'))).toBe(10);
    expect(metrics.get(ofAll('Unscanned'))).toBe(0);
    expect(metrics.get(ofAll('Unmeasured'))).toBe(0);
  });

  it.each([
    ['an index', { imageManifestMediaType: index, artifactMediaType: undefined }],
    ['a manifest list', { imageManifestMediaType: list, artifactMediaType: undefined }],
    [
      'an attached SBOM',
      { artifactMediaType: 'application/spdx+json', subjectManifestDigest: digest(1) },
    ],
    ['an attached signature of the same type as an image', { subjectManifestDigest: digest(1) }],
    ['a Helm chart', { artifactMediaType: 'application/vnd.cncf.helm.config.v1+json' }],
  ])('takes the image before %s, which ECR does not scan', async (_, newest) => {
    const { answer } = fakeEcr(
      { 'typerush/game-service': [fakeImage(2, newest), fakeImage(1)] },
      { [digest(1)]: { status: 'COMPLETE', counts: { CRITICAL: 1 } } },
    );
    const { metrics } = await measure(answer);
    expect(metrics.get(of('typerush/game-service', 'CriticalFindings'))).toBe(1);
    expect(metrics.get(of('typerush/game-service', 'Unscanned'))).toBe(0);
  });

  it('takes an image of Docker’s own media types for what it is', async () => {
    const { answer } = fakeEcr(
      {
        'typerush/game-service': [
          fakeImage(1, {
            imageManifestMediaType: 'application/vnd.docker.distribution.manifest.v2+json',
            artifactMediaType: 'application/vnd.docker.container.image.v1+json',
          }),
        ],
      },
      { [digest(1)]: { status: 'COMPLETE', counts: { HIGH: 1 } } },
    );
    const { metrics } = await measure(answer);
    expect(metrics.get(of('typerush/game-service', 'HighFindings'))).toBe(1);
  });

  it('counts an image that was never scanned: unknown is not zero', async () => {
    const { answer } = fakeEcr(
      { 'typerush/game-service': [fakeImage(1), fakeImage(2)] },
      { [digest(1)]: { status: 'COMPLETE', counts: { CRITICAL: 1 } } },
    );
    const { metrics } = await measure(answer);
    expect(metrics.get(of('typerush/game-service', 'Unscanned'))).toBe(1);
    expect(metrics.has(of('typerush/game-service', 'CriticalFindings'))).toBe(false);
    expect(metrics.get(ofAll('Unscanned'))).toBe(1);
    expect(metrics.get(ofAll('Unmeasured'))).toBe(0);
  });

  it.each([
    'IN_PROGRESS',
    'FAILED',
    'UNSUPPORTED_IMAGE',
    'PENDING',
    'SCAN_ELIGIBILITY_EXPIRED',
    'FINDINGS_UNAVAILABLE',
    'LIMIT_EXCEEDED',
    'IMAGE_ARCHIVED',
  ])('counts an image as unscanned whose scan is %s', async (status) => {
    const { answer } = fakeEcr({ 'typerush/api': [fakeImage(1)] }, { [digest(1)]: { status } });
    const { metrics } = await measure(answer);
    expect(metrics.get(of('typerush/api', 'Unscanned'))).toBe(1);
    expect(metrics.has(of('typerush/api', 'CriticalFindings'))).toBe(false);
  });

  it('takes an image without findings, and an empty repository, for what they are', async () => {
    const { answer } = fakeEcr(
      { 'typerush/game-service': [fakeImage(1)], 'typerush/new': [] },
      { [digest(1)]: { status: 'COMPLETE', counts: {} } },
    );
    const { metrics } = await measure(answer);
    expect(metrics.get(of('typerush/game-service', 'CriticalFindings'))).toBe(0);
    expect(metrics.get(of('typerush/new', 'ImageCount'))).toBe(0);
    expect(metrics.get(of('typerush/new', 'Unscanned'))).toBe(0);
    expect(metrics.has(of('typerush/new', 'CriticalFindings'))).toBe(false);
  });

  it('goes on when one repository fails, names it, and counts it', async () => {
    const { answer } = fakeEcr({
      'typerush/broken': [fakeImage(1)],
      'typerush/game-service': [fakeImage(1)],
    });
    const { lines, metrics } = await measure((call) => {
      if (call.input['repositoryName'] === 'typerush/broken') {
        throw awsError('ThrottlingException', 'Rate exceeded');
      }
      return answer(call);
    });
    expect(lines).toContainEqual({
      Repository: 'typerush/broken',
      error: 'ThrottlingException: Rate exceeded',
    });
    expect(metrics.get(of('typerush/game-service', 'ImageCount'))).toBe(1);
    expect(metrics.has(of('typerush/broken', 'ImageCount'))).toBe(false);
    expect(metrics.get(ofAll('Unmeasured'))).toBe(1);
  });

  it('fails if no repository can be listed, for the alarm on errors', async () => {
    await expect(
      measure(() => {
        throw awsError('AccessDeniedException', 'not authorized');
      }),
    ).rejects.toThrow('not authorized');
  });

  it('calls only what its role may do', async () => {
    const { answer, calls } = fakeEcr({ 'typerush/game-service': [fakeImage(1)] });
    await measure(answer);
    expect(new Set(calls.map(({ command }) => command)).size).toBe(3);
    expect(callsBeyondRole(template, calls)).toEqual([]);
    const planted = [...calls, { command: 'ListImages', input: {} }];
    expect(callsBeyondRole(template, planted)).toEqual(['ecr:ListImages']);
  });

  it('emits the units of its numbers and the time in milliseconds', async () => {
    const { answer } = fakeEcr({ 'typerush/game-service': [fakeImage(1)] });
    const before = Date.now();
    const { lines } = await measure(answer);
    const units = lines.flatMap((line: Line) => {
      const { Timestamp, CloudWatchMetrics } = line['_aws'] as {
        Timestamp: number;
        CloudWatchMetrics: { Metrics: { Name: string; Unit: string }[] }[];
      };
      expect(Timestamp).toBeGreaterThanOrEqual(before);
      return CloudWatchMetrics.flatMap(({ Metrics }) => Metrics);
    });
    expect(units).toEqual(
      expect.arrayContaining([
        { Name: 'RepositorySize', Unit: 'Bytes' },
        { Name: 'RegistrySize', Unit: 'Bytes' },
        { Name: 'ImageCount', Unit: 'Count' },
      ]),
    );
  });
});
