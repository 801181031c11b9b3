import { describeImageChanges } from './describe-image-changes';
import { imageVersion } from './image-version';

const digest = `sha256:${'0123456789ab'.repeat(6).slice(0, 64)}`;

describe('imageVersion', () => {
  it.each([
    ['the version', ['prod', 'prod-1a2b3c4', 'v1.4.0'], 'v1.4.0'],
    ['the highest of several versions', ['v1.9.0', 'v1.10.0', 'v1.2.0'], 'v1.10.0'],
    [
      'the commit if there is no version',
      ['latest', 'dev-20261127T065440Z', 'dev-1a2b3c4'],
      'dev-1a2b3c4',
    ],
    ['the commit of a changed tree', ['latest', 'dev-1a2b3c4-dirty'], 'dev-1a2b3c4-dirty'],
    ['the digest if there is neither', ['latest'], 'sha256:0123456789ab'],
  ])('is %s', (_name, tags, expected) => {
    expect(imageVersion(digest, tags)).toBe(expected);
  });
});

describe('describeImageChanges', () => {
  const image = (version: string) => ({ digest: version, version });

  it('names versions and not digests', () => {
    expect(
      describeImageChanges([
        { service: 'game-service', from: image('v1.4.0'), to: image('v1.5.0') },
        { service: 'record-service', from: image('v2.0.0'), to: image('v2.0.0') },
        { service: 'web', to: image('v1.0.0') },
        { service: 'worker' },
      ]),
    ).toBe(
      [
        'Images',
        '  game-service: v1.4.0 -> v1.5.0',
        '  record-service: v2.0.0 (unchanged)',
        '  web: none -> v1.0.0',
        '  worker: none, infra:deploy pushes one',
        '',
      ].join('\n'),
    );
  });
});
