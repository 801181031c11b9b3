import { formatPlatform, parsePlatform } from './platform';
import { atMirror, isLoopback, parseReference } from './reference';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('parseReference', () => {
  it.each([
    ['node', { host: 'registry-1.docker.io', repository: 'library/node', tag: 'latest' }],
    ['team/app:1', { host: 'registry-1.docker.io', repository: 'team/app', tag: '1' }],
    ['docker.io/node', { host: 'registry-1.docker.io', repository: 'library/node', tag: 'latest' }],
    ['docker.io/team/app:1', { host: 'registry-1.docker.io', repository: 'team/app', tag: '1' }],
    ['localhost/app', { host: 'localhost', repository: 'app', tag: 'latest' }],
    ['127.0.0.1:5100/a/b:v1', { host: '127.0.0.1:5100', repository: 'a/b', tag: 'v1' }],
    [`r.io/a:v1@${DIGEST}`, { host: 'r.io', repository: 'a', tag: 'v1', digest: DIGEST }],
    [`r.io/a@${DIGEST}`, { host: 'r.io', repository: 'a', digest: DIGEST }],
  ])('parses %s', (text, expected) => {
    expect(parseReference(text)).toEqual(expected);
  });

  it.each(['', 'UPPER/a', 'a:b:c', 'a@sha256:12', 'r.io/', 'r.io/a:-x', 'r.io/a b'])(
    'rejects %j',
    (text) => {
      expect(() => parseReference(text)).toThrow(
        expect.objectContaining({ code: 'REFERENCE_INVALID' }),
      );
    },
  );
});

describe('atMirror', () => {
  const mirrors = {
    'public.ecr.aws': '1.dkr.example.com/prod-public',
    'docker.io': 'hub.local:80',
  };

  it.each([
    [
      'public.ecr.aws/docker/library/node:26',
      '1.dkr.example.com/prod-public/docker/library/node:26',
    ],
    [`public.ecr.aws/a/b:1@${DIGEST}`, `1.dkr.example.com/prod-public/a/b:1@${DIGEST}`],
    [`public.ecr.aws/a/b@${DIGEST}`, `1.dkr.example.com/prod-public/a/b@${DIGEST}`],
    ['node', 'hub.local:80/library/node:latest'],
    ['registry-1.docker.io/team/app:1', 'hub.local:80/team/app:1'],
    ['quay.io/team/app', 'quay.io/team/app'],
  ])('of %s is %s', (reference, mirrored) => {
    expect(atMirror(reference, mirrors)).toBe(mirrored);
    expect(atMirror(reference)).toBe(reference);
  });
});

describe('formatPlatform', () => {
  it('is the inverse of parsePlatform, except that arm64/v8 becomes arm64', () => {
    for (const text of ['linux/amd64', 'linux/arm/v7'])
      expect(formatPlatform(parsePlatform(text))).toBe(text);
    expect(formatPlatform(parsePlatform('linux/arm64/v8'))).toBe('linux/arm64');
    expect(() => parsePlatform('amd64')).toThrow('linux/amd64');
  });
});

describe('isLoopback', () => {
  it.each(['localhost', '127.0.0.1:5100', '127.9.9.9', '[::1]:80'])('accepts %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });
  it.each(['localhost.example.com', '127.0.0.1.example.com', '10.0.0.1'])('rejects %s', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
