import { digestOf } from '@typerush/oci';
import { type PushRecord } from './push-record';
import { pushSummary } from './push-summary';

const digest = digestOf('image');
const at = {
  repository: 'team/app',
  repositoryUri: 'registry.example/team/app',
  imageUri: `registry.example/team/app@${digest}`,
  tags: [
    { tag: 'v1.2.3', action: 'create' as const, moving: false },
    { tag: 'latest', action: 'keep' as const, moving: true },
  ],
  unchanged: false,
  uploadedLayers: 1,
  mountedLayers: 0,
  presentLayers: 3,
  uploadedBytes: 1234,
  mountedBytes: 0,
  presentBytes: 99,
  attachments: [
    {
      kind: 'sbom' as const,
      artifactType: 'application/vnd.cyclonedx+json',
      digest,
      action: 'attached' as const,
    },
  ],
};
const record: PushRecord = {
  service: 'app',
  environment: 'prod',
  ...at,
  digest,
  platforms: [{ platform: 'linux/amd64', digest }],
  engine: 'oci',
  standIn: false,
  commit: { sha: 'abcdef0123456789', dirty: false },
  budget: {
    limitBytes: 2e6,
    public: null,
    platforms: [{ platform: 'linux/amd64', bytes: 500_000 }],
    since: { tag: 'prod', digest },
    layers: [{ name: '/app/service/ | <b>', before: 100, now: 300 }],
    packages: [],
  },
  destinations: [{ destination: 'eu-west-1', ...at }],
  pushedAt: '2026-11-21T10:00:00.000Z',
};

describe('pushSummary', () => {
  it('lists image, commit, tags, bytes and growth', () => {
    const text = pushSummary(record, 'https://github.com/team/app');
    expect(text).toContain('### app was pushed in prod');
    expect(text).toContain('[`abcdef0`](https://github.com/team/app/commit/abcdef0123456789)');
    expect(text).toContain('500.0 kB of 2.0 MB (25 %), 200 B more than prod');
    expect(text).toContain(
      '| `registry.example/team/app` | **`v1.2.3`** `latest` | 1 uploaded (1.2 kB), 3 present | sbom |',
    );
  });

  it('escapes Markdown in names', () => {
    expect(pushSummary(record)).toContain('| /app/service/ \\| \\<b\\> | 100 B | 300 B | +200 B |');
  });

  it('reports that nothing has changed, and a stand-in base image', () => {
    const destinations = [{ destination: 'eu-west-1', ...at, unchanged: true }];
    const text = pushSummary({ ...record, standIn: true, destinations });
    expect(text).toContain('### app is unchanged in prod');
    expect(text).toContain('not for production');
  });
});
