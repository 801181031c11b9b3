import { type ImageDifference } from '@typerush/image-comparison';
import { digestOf } from '@typerush/oci';
import { byGrowth, describeGrowth, growthTables } from './growth';

const image = (name: string, bytes: number) => ({
  name,
  digest: digestOf(name),
  platformDigest: digestOf(name),
  bytes,
});
const sized = (bytes: number) => ({ version: '1.0.0', bytes });

const difference: ImageDifference = {
  before: image('prod', 1_000),
  after: image('this image', 1_200),
  platform: 'linux/amd64',
  equal: false,
  packages: [
    { name: 'express', change: 'changed', before: sized(50), after: sized(60) },
    { name: 'gone', change: 'removed', before: sized(7) },
    { name: 'lodash', change: 'added', after: sized(70) },
  ],
  layers: [],
  sharedLayers: 2,
  config: [],
  files: null,
  findings: null,
};

describe('the growth of an image', () => {
  it('is listed with the largest first', () => {
    expect(byGrowth(difference).packages?.map(({ name }) => name)).toEqual([
      'lodash',
      'express',
      'gone',
    ]);
    const names = growthTables(difference).match(/lodash|express|gone/g);
    expect(names).toEqual(['lodash', 'express', 'gone']);
  });

  it('is stated against the image before, in either direction', () => {
    const { before, after } = difference;
    expect(describeGrowth(difference)).toBe('200 B more than prod');
    expect(describeGrowth({ ...difference, before: { ...before, bytes: 1_250 } })).toBe(
      '50 B less than prod',
    );
    expect(describeGrowth({ ...difference, after: { ...after, bytes: 1_000 } })).toBe(
      'as much as prod',
    );
  });
});
