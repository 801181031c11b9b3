import { describeRun } from './run-summary';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const destination = (repositoryUri: string, unchanged = false) => ({
  repositoryUri,
  unchanged,
  tags: [{ tag: 'dev-abc1234' }, { tag: 'latest' }],
});

describe('the summary of a run', () => {
  it('lists each image with its destinations and tags, and what was not pushed', () => {
    const text = describeRun([
      {
        project: 'api',
        image: { digest, destinations: [destination('r.io/a'), destination('s.io/a', true)] },
      },
      { project: 'web' },
    ]);
    expect(text.split('\n').map((line) => line.trim())).toEqual([
      '',
      expect.stringContaining('1 of 2 images are in their registries'),
      expect.stringMatching(/project\s+push\s+image\s+tags/),
      'api      pushed      r.io/a@sha256:0123456789ab  dev-abc1234, latest',
      'unchanged   s.io/a@sha256:0123456789ab  dev-abc1234, latest',
      'web      NOT PUSHED',
      '',
    ]);
  });
});
