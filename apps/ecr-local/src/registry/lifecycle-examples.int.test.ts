import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  GetLifecyclePolicyPreviewCommand,
  PutLifecyclePolicyCommand,
  StartLifecyclePolicyPreviewCommand,
} from '@aws-sdk/client-ecr';
import { type LocalServer, startLocalServer } from '../test/local-server';
import { pushSample, sampleImage } from '../test/sample-images';

/**
 * The examples that AWS publishes, with their images and results.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_examples.html
 */
interface Example {
  readonly title: string;
  /** Name, tags, days since the push. Those of one day are pushed one after another, almost a day ago. */
  readonly images: readonly (readonly [string, readonly string[], number])[];
  readonly rules: readonly object[];
  /** The names of the images that expire. */
  readonly expired?: readonly string[];
  readonly archived?: readonly string[];
}

const expire = { type: 'expire' };
const archive = { type: 'transition', targetStorageClass: 'archive' };
const tagged = (...tagPatternList: string[]) => ({ tagStatus: 'tagged', tagPatternList });
const untagged = { tagStatus: 'untagged' };
const any = { tagStatus: 'any' };
const moreThan = (countNumber: number) => ({ countType: 'imageCountMoreThan', countNumber });
const since = (event: 'Pushed' | 'Pulled' | 'Transitioned', countNumber: number) => ({
  countType: `sinceImage${event}`,
  countUnit: 'days',
  countNumber,
});

const betaAndProd = [
  ['A', ['beta-1', 'prod-1'], 10],
  ['B', ['beta-2', 'prod-2'], 9],
  ['C', ['beta-3'], 8],
] as const;

const examples: readonly Example[] = [
  {
    title: 'image age',
    images: [
      ['A', ['prod-1'], 15],
      ['B', ['prod-2'], 13],
      ['C', ['dev-1'], 20],
    ],
    rules: [{ selection: { ...tagged('prod*'), ...since('Pushed', 14) }, action: expire }],
    expired: ['A'],
  },
  {
    title: 'image count',
    images: [
      ['A', [], 3],
      ['B', [], 2],
      ['C', ['v1'], 4],
    ],
    rules: [{ selection: { ...untagged, ...moreThan(1) }, action: expire }],
    expired: ['A'],
  },
  {
    title: 'multiple rules, example A',
    images: betaAndProd,
    rules: [
      { selection: { ...tagged('prod*'), ...moreThan(1) }, action: expire },
      { selection: { ...tagged('beta*'), ...moreThan(1) }, action: expire },
    ],
    expired: ['A'],
  },
  {
    title: 'multiple rules, example B',
    images: betaAndProd,
    rules: [
      { selection: { ...tagged('beta*'), ...moreThan(1) }, action: expire },
      { selection: { ...tagged('prod*'), ...moreThan(1) }, action: expire },
    ],
    expired: ['A', 'B'],
  },
  {
    title: 'multiple tags in a single rule, example A',
    images: [
      ['A', ['alpha-1'], 12],
      ['B', ['beta-1'], 11],
      ['C', ['alpha-2', 'beta-2'], 10],
      ['D', ['alpha-3'], 4],
      ['E', ['beta-3'], 3],
      ['F', ['alpha-4', 'beta-4'], 2],
    ],
    rules: [{ selection: { ...tagged('alpha*', 'beta*'), ...since('Pushed', 5) }, action: expire }],
    expired: ['C'],
  },
  {
    title: 'multiple tags in a single rule, example B',
    images: [
      ['A', ['alpha-1', 'beta-1', 'gamma-1'], 10],
      ['B', ['alpha-2', 'beta-2'], 9],
      ['C', ['alpha-3', 'beta-3', 'gamma-2'], 8],
    ],
    rules: [{ selection: { ...tagged('alpha*', 'beta*'), ...moreThan(1) }, action: expire }],
    expired: ['A', 'B'],
  },
  {
    title: 'all images, example A',
    images: [
      ['A', ['alpha-1'], 4],
      ['B', ['beta-1'], 3],
      ['C', [], 2],
      ['D', ['alpha-2'], 1],
    ],
    rules: [{ selection: { ...any, ...moreThan(1) }, action: expire }],
    expired: ['A', 'B', 'C'],
  },
  {
    title: 'all images, example B',
    images: [
      ['A', ['alpha-1', 'beta-1'], 4],
      ['B', [], 3],
      ['C', ['alpha-2'], 2],
      // "git hash" in the guide, which is not a valid tag.
      ['D', ['git-hash'], 1],
      ['E', [], 1],
    ],
    rules: [
      { selection: { ...tagged('alpha*'), ...moreThan(1) }, action: expire },
      { selection: { ...untagged, ...since('Pushed', 1) }, action: expire },
      { selection: { ...any, ...moreThan(1) }, action: expire },
    ],
    expired: ['A', 'B', 'D'],
  },
  {
    title: 'archiving images older than a number of days',
    images: [
      ['A', ['prod-1'], 31],
      ['B', ['prod-2'], 29],
      ['C', ['dev-1'], 31],
    ],
    rules: [{ selection: { ...tagged('prod*'), ...since('Pushed', 30) }, action: archive }],
    archived: ['A'],
  },
  {
    title: 'archiving images that were not pulled',
    images: [
      ['A', ['v1'], 91],
      ['B', ['v2'], 89],
      ['pulled now', ['v3'], 91],
    ],
    rules: [{ selection: { ...any, ...since('Pulled', 90) }, action: archive }],
    archived: ['A'],
  },
];

const repositoryName = 'team/app';
let server: LocalServer;
beforeEach(async () => {
  server = await startLocalServer();
  await server.client.send(new CreateRepositoryCommand({ repositoryName }));
});
afterEach(() => server.close());

const policyOf = (rules: readonly object[]) =>
  JSON.stringify({
    rules: rules.map((rule, nth) => ({
      rulePriority: nth + 1,
      description: `Rule ${nth + 1} of an example in the user guide of Amazon ECR`,
      ...rule,
    })),
  });

async function pushAll(images: Example['images']) {
  let passed = -Math.max(...images.map(([, , days]) => days));
  for (const [name, tags, days] of images) {
    server.passHours((-days - passed) * 24);
    passed = -days;
    // The second one of a day is younger.
    server.passHours(0.01);
    if (tags.length > 0)
      for (const tag of tags) await pushSample(server.v2, repositoryName, tag, name);
    else {
      await pushSample(server.v2, repositoryName, 'moving', name);
      const { manifest } = await pushSample(server.v2, repositoryName, 'moving', 'another');
      const digest = manifest.digest;
      await server.v2(`/v2/${repositoryName}/manifests/${digest}`, { method: 'DELETE' });
    }
  }
  server.passHours(-passed * 24 - 0.05 * images.length);
  for (const [name, [tag]] of images) {
    if (name === 'pulled now') await server.v2(`/v2/${repositoryName}/manifests/${tag}`);
  }
}

const runLifecycle = () =>
  fetch(`${server.url}/_local/lifecycle`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });

const imagesBy = async (imageStatus: 'ACTIVE' | 'ARCHIVED') => {
  const command = new DescribeImagesCommand({ repositoryName, filter: { imageStatus } });
  const { imageDetails = [] } = await server.client.send(command);
  return imageDetails.map(({ imageDigest }) => imageDigest);
};

describe.each(examples)(
  'the example of $title',
  ({ images, rules, expired = [], archived = [] }) => {
    const digestOf = (name: string) => sampleImage(name).manifest.digest;

    it('is previewed and applied as AWS says', async () => {
      await pushAll(images);
      const lifecyclePolicyText = policyOf(rules);
      await server.client.send(
        new StartLifecyclePolicyPreviewCommand({ repositoryName, lifecyclePolicyText }),
      );
      const { previewResults } = await server.client.send(
        new GetLifecyclePolicyPreviewCommand({ repositoryName }),
      );
      const acted = previewResults?.map(({ imageDigest, action }) => [imageDigest, action?.type]);
      expect(acted?.sort()).toEqual(
        [
          ...expired.map((name) => [digestOf(name), 'EXPIRE']),
          ...archived.map((name) => [digestOf(name), 'TRANSITION']),
        ].sort(),
      );

      await server.client.send(
        new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }),
      );
      expect((await runLifecycle()).status).toBe(200);
      const names = images.map(([name]) => name);
      const kept = names.filter((name) => !expired.includes(name) && !archived.includes(name));
      expect((await imagesBy('ACTIVE')).sort()).toEqual(kept.map(digestOf).sort());
      expect((await imagesBy('ARCHIVED')).sort()).toEqual(archived.map(digestOf).sort());
    });
  },
);

describe('the example of combined archive and expire rules', () => {
  it('archives after 30 days, and expires 365 days later', async () => {
    await pushAll([
      ['A', ['v1'], 31],
      ['B', ['v2'], 29],
    ]);
    const lifecyclePolicyText = policyOf([
      { selection: { ...any, ...since('Pushed', 30) }, action: archive },
      {
        selection: { ...any, storageClass: 'archive', ...since('Transitioned', 365) },
        action: expire,
      },
    ]);
    await server.client.send(
      new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }),
    );
    const counts = async () => [
      (await imagesBy('ACTIVE')).length,
      (await imagesBy('ARCHIVED')).length,
    ];
    await runLifecycle();
    expect(await counts()).toEqual([1, 1]);
    server.passHours(2 * 24);
    await runLifecycle();
    expect(await counts()).toEqual([0, 2]);
    server.passHours(364 * 24);
    await runLifecycle();
    expect(await counts()).toEqual([0, 1]);
    server.passHours(2 * 24);
    await runLifecycle();
    expect(await counts()).toEqual([0, 0]);
  });
});
