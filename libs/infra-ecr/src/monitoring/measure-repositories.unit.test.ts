import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import {
  type Answer,
  type Line,
  metricsOf,
  runInline,
  type SdkCall,
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

interface Image {
  readonly imageDigest: string;
  readonly imageSizeInBytes: number;
  readonly imagePushedAt: Date;
  readonly imageManifestMediaType: string;
  readonly imageScanStatus?: { readonly status: string };
}

const image = (nth: number, changes: Partial<Image> = {}): Image => ({
  imageDigest: `sha256:${nth}`,
  imageSizeInBytes: 1000,
  imagePushedAt: new Date(2026, 0, nth),
  imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
  imageScanStatus: { status: 'COMPLETE' },
  ...changes,
});

/** A registry that answers a page of two at a time. */
function registry(
  repositories: Record<string, Image[]>,
  counts: Record<string, Record<string, number>> = {},
): { answer: Answer; calls: SdkCall[] } {
  const calls: SdkCall[] = [];
  const page = <T>(all: T[], { nextToken }: SdkCall['input']) => {
    const from = Number(nextToken ?? 0);
    return {
      items: all.slice(from, from + 2),
      nextToken: from + 2 < all.length ? String(from + 2) : undefined,
    };
  };
  const answer: Answer = (call) => {
    calls.push(call);
    const { command, input } = call;
    const name = String(input['repositoryName']);
    switch (command) {
      case 'DescribeRepositories': {
        const { items, nextToken } = page(Object.keys(repositories), input);
        return { repositories: items.map((repositoryName) => ({ repositoryName })), nextToken };
      }
      case 'DescribeImages': {
        const { items, nextToken } = page(repositories[name] ?? [], input);
        return { imageDetails: items, nextToken };
      }
      case 'DescribeImageScanFindings': {
        const { imageDigest } = input['imageId'] as { imageDigest: string };
        return { imageScanFindings: { findingSeverityCounts: counts[imageDigest] } };
      }
      default:
        throw new Error(`AccessDeniedException: ${command}`);
    }
  };
  return { answer, calls };
}

const measure = async (answer: Answer) => {
  const lines = await runInline(template, answer);
  return { lines, metrics: new Map(lines.flatMap((line) => [...metricsOf(line)])) };
};

const of = (repository: string, metric: string) =>
  `Registry/typerush-dev ${metric} {Repository=${repository}}`;
const ofAll = (metric: string) => `Registry/typerush-dev ${metric} {Registry=typerush-dev}`;

describe('the code of the measurement', () => {
  it('counts images and bytes of every page, and those of an index once', async () => {
    const index = 'application/vnd.oci.image.index.v1+json';
    const list = 'application/vnd.docker.distribution.manifest.list.v2+json';
    const { answer } = registry({
      'typerush/game-service': [
        image(1),
        image(2),
        image(3, { imageManifestMediaType: index, imageScanStatus: undefined }),
        image(4, { imageManifestMediaType: list, imageScanStatus: undefined }),
        image(5),
      ],
    });
    const { metrics } = await measure(answer);
    expect(metrics.get(of('typerush/game-service', 'ImageCount'))).toBe(5);
    expect(metrics.get(of('typerush/game-service', 'RepositorySize'))).toBe(3000);
    expect(metrics.get(ofAll('RegistrySize'))).toBe(3000);
  });

  it('measures every repository of its namespaces, however many, and no other', async () => {
    const names = Array.from({ length: 23 }, (_, nth) => `typerush/service-${nth}`);
    const { answer, calls } = registry(
      Object.fromEntries(
        [...names, 'platform-dev/api', 'platform-prod/api', 'somebody/else'].map((name) => [
          name,
          [image(1)],
        ]),
      ),
    );
    const { lines } = await measure(answer);
    expect(lines.flatMap(({ Repository }) => Repository ?? []).sort()).toEqual(
      [...names, 'platform-dev/api'].sort(),
    );
    expect(calls.filter(({ command }) => command === 'DescribeImages')).toHaveLength(24);
  });

  it('reports the findings of the youngest scanned image', async () => {
    const { answer } = registry(
      {
        'typerush/game-service': [
          image(1),
          image(3),
          image(2),
          image(9, { imageScanStatus: { status: 'FAILED' } }),
          image(8, { imageScanStatus: undefined }),
        ],
        'typerush/record-service': [image(4, { imageScanStatus: { status: 'ACTIVE' } })],
      },
      {
        'sha256:3': { CRITICAL: 2, HIGH: 3, MEDIUM: 4, LOW: 5, UNDEFINED: 1 },
        'sha256:2': { CRITICAL: 99 },
        'sha256:4': { HIGH: 7 },
      },
    );
    const { metrics } = await measure(answer);
    expect(metrics.get(of('typerush/game-service', 'CriticalFindings'))).toBe(2);
    expect(metrics.get(of('typerush/game-service', 'HighFindings'))).toBe(3);
    expect(metrics.get(of('typerush/game-service', 'OtherFindings'))).toBe(10);
    expect(metrics.get(of('typerush/record-service', 'CriticalFindings'))).toBe(0);
    expect(metrics.get(ofAll('CriticalFindings'))).toBe(2);
    expect(metrics.get(ofAll('HighFindings'))).toBe(10);
  });

  it('reports no findings if nothing is scanned: unknown is not zero', async () => {
    const { answer, calls } = registry({
      'typerush/game-service': [image(1, { imageScanStatus: undefined })],
    });
    const { metrics } = await measure(answer);
    expect(metrics.has(of('typerush/game-service', 'CriticalFindings'))).toBe(false);
    expect(calls.map(({ command }) => command)).not.toContain('DescribeImageScanFindings');
  });

  it('takes an image without findings, and an empty repository, for what they are', async () => {
    const { answer } = registry({ 'typerush/game-service': [image(1)], 'typerush/new': [] });
    const { metrics } = await measure(answer);
    expect(metrics.get(of('typerush/game-service', 'CriticalFindings'))).toBe(0);
    expect(metrics.get(of('typerush/new', 'ImageCount'))).toBe(0);
  });

  it('goes on when one repository fails, names it, and counts it', async () => {
    const { answer } = registry({
      'typerush/broken': [image(1)],
      'typerush/game-service': [image(1)],
    });
    const { lines, metrics } = await measure((call) => {
      if (call.input['repositoryName'] === 'typerush/broken') {
        throw new Error('ThrottlingException');
      }
      return answer(call);
    });
    expect(lines).toContainEqual({
      Repository: 'typerush/broken',
      error: 'Error: ThrottlingException',
    });
    expect(metrics.get(of('typerush/game-service', 'ImageCount'))).toBe(1);
    expect(metrics.has(of('typerush/broken', 'ImageCount'))).toBe(false);
    expect(metrics.get(ofAll('Unmeasured'))).toBe(1);
  });

  it('fails if no repository can be listed, for the alarm on errors', async () => {
    await expect(
      measure(() => {
        throw new Error('AccessDeniedException');
      }),
    ).rejects.toThrow('AccessDeniedException');
  });

  it('emits the units of its numbers and the time in milliseconds', async () => {
    const { answer } = registry({ 'typerush/game-service': [image(1)] });
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
