import { ImageConfigError, type ImageConfig, parseImageConfig } from './index';

const file = 'apps/game-service/image.json';
const valid = {
  repository: 'game-service',
  retention: 'environment',
  port: 3000,
  health: '/health/live',
};

function refusal(document: unknown): string {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  try {
    parseImageConfig(text, file);
  } catch (error) {
    expect(error).toBeInstanceOf(ImageConfigError);
    expect(error).toMatchObject({ code: 'IMAGE_CONFIG_INVALID', file });
    return (error as Error).message;
  }
  throw new Error('was taken');
}

describe('image.json', () => {
  it('defaults to linux/amd64 if it names no platforms', () => {
    expect(parseImageConfig(JSON.stringify(valid), file)).toEqual<ImageConfig>({
      ...valid,
      retention: 'environment',
      platforms: ['linux/amd64'],
    });
  });

  it('keeps budget, platforms and nested repositories', () => {
    const full = {
      ...valid,
      $schema: '../../libs/image-registry/schema/image.schema.json',
      repository: 'games/typing__v2/game-service',
      budget: { layersMb: 2.5, publicMb: 0.3 },
      platforms: ['linux/arm64', 'linux/amd64'],
    };
    expect(parseImageConfig(JSON.stringify(full), file)).toEqual(full);
  });

  it('names the file, every invalid field, the valid values and the value found', () => {
    expect(
      refusal({ repository: 'Game Service', retention: 'forever', port: '3000', health: 'live' }),
    ).toBe(
      [
        'apps/game-service/image.json is not valid:',
        '  - repository: must be lower-case letters and digits, joined by ".", "_", "__" or hyphens, in one or more segments joined by "/", not "Game Service"',
        '  - retention: must be one of environment, release, not "forever"',
        '  - port: must be a whole number from 1 to 65535, not "3000"',
        '  - health: must be an absolute path, such as "/health/live", not "live"',
      ].join('\n'),
    );
  });

  it('sets the numbers of its retention profile, for prefixes that the profile has', () => {
    const keep = { images: { v: 30, dev: 3 }, untaggedDays: 14 };
    expect(parseImageConfig(JSON.stringify({ ...valid, keep }), file).keep).toEqual(keep);
    expect(refusal({ ...valid, keep: { images: { 'sha-': 30 } } })).toContain(
      'keep.images: must be numbers for the tag prefixes of the profile environment (v, prod, staging, dev), not {"sha-":30}',
    );
    expect(refusal({ ...valid, keep: { images: { v: 0 } } })).toContain(
      'keep.images.v: must be a whole number of 1 or more, not 0',
    );
    expect(refusal({ ...valid, keep: { untaggedDays: 1.5 } })).toContain(
      'keep.untaggedDays: must be',
    );
    expect(refusal({ ...valid, keep: { untagedDays: 1 } })).toContain(
      'Did you mean "untaggedDays"?',
    );
  });

  it('may replace the tags of an environment by others that its profile keeps', () => {
    const tagSet = { staging: ['staging-{sha7}', 'staging-{run}'] };
    expect(parseImageConfig(JSON.stringify({ ...valid, tagSet }), file).tagSet).toEqual(tagSet);
    expect(refusal({ ...valid, tagSet: { staging: ['build-{run}'] } })).toContain(
      'tagSet.staging.0: must be a tag that a rule of the retention profile',
    );
    expect(refusal({ ...valid, tagSet: { staging: [] } })).toContain('at least one');
    expect(refusal({ ...valid, tagSet: { production: ['v{version}'] } })).toContain('production');
  });

  it('accepts tag templates, and rejects an unknown variable', () => {
    const tags = ['{branch}', 'pr-{pr}', 'v{version}', '{gitTag}', 'dev-{sha}-{run}'];
    expect(parseImageConfig(JSON.stringify({ ...valid, tags }), file).tags).toEqual(tags);
    expect(refusal({ ...valid, tags: ['{brunch}'] })).toMatch(
      /tags\.0: must be the text of a tag, with any of \{branch\}.*, not "\{brunch\}"/,
    );
    expect(refusal({ ...valid, tags: ['a', 'a'] })).toContain('each once');
  });

  it('reports a missing field, and its valid values', () => {
    expect(refusal({ ...valid, port: undefined })).toContain(
      'port: is missing: it must be a whole number from 1 to 65535',
    );
  });

  it.each([
    ['retension', 'retention'],
    ['repo', undefined],
    ['Port', 'port'],
    ['healthCheck', undefined],
    ['platform', 'platforms'],
  ])('suggests the nearest field for the unknown %s', (unknown, nearest) => {
    expect(refusal({ ...valid, [unknown]: 1 })).toContain(
      nearest
        ? `${unknown}: is not a known field. Did you mean "${nearest}"?`
        : `${unknown}: is not a known field. Known are: $schema, repository, retention, keep, port`,
    );
  });

  it('suggests fields of the object that contains the unknown one', () => {
    expect(refusal({ ...valid, budget: { layersMB: 2 } })).toContain(
      'budget.layersMB: is not a known field. Did you mean "layersMb"?',
    );
  });

  it.each([0, 65536, 1.5, -1, null])('refuses the port %p', (port) => {
    expect(refusal({ ...valid, port })).toContain('port: must be a whole number from 1 to 65535');
  });

  it.each(['', '/a', 'a/', 'a//b', 'a_-b', 'a..b', '-a', 'A', 'a___b'])(
    'refuses the repository "%s"',
    (repository) => {
      expect(refusal({ ...valid, repository })).toContain('repository: must be lower-case');
    },
  );

  it.each([[[]], [['linux/amd64', 'linux/amd64']], ['linux/amd64'], [['windows/amd64']]])(
    'refuses the platforms %j',
    (platforms) => {
      expect(refusal({ ...valid, platforms })).toMatch(/platforms(\.0)?: must be .*linux\/arm64/);
    },
  );

  it.each(['health', '/health?deep=1', '/he alth', ''])(
    'refuses the health path "%s"',
    (health) => {
      expect(refusal({ ...valid, health })).toContain('health: must be an absolute path');
    },
  );

  it('that is not JSON is rejected with the syntax error', () => {
    expect(refusal('{"port": }')).toMatch(
      /^apps\/game-service\/image\.json is not valid:\n {2}- is not JSON: Unexpected token/,
    );
  });

  it.each(['[]', 'null', '"x"'])('that contains %s is rejected', (text) => {
    expect(refusal(text)).toContain('must be a JSON object');
  });
});

describe('scan settings of image.json', () => {
  const entry = { id: 'CVE-2026-1234', reason: 'no TLS here', expires: '2027-01-31' };
  const refusalOf = (allow: unknown) => refusal({ ...valid, scan: { allow } });

  it('is kept', () => {
    const scan = { threshold: 'HIGH', allow: [entry, { ...entry, package: 'openssl' }] };
    expect(parseImageConfig(JSON.stringify({ ...valid, scan }), file).scan).toEqual(scan);
  });

  it.each([
    ['reason', ' ', 'scan.allow.0.reason: must be the reason why'],
    ['reason', undefined, 'scan.allow.0.reason: is missing'],
    ['expires', undefined, 'scan.allow.0.expires: is missing'],
    ['expires', '2027-02-30', 'scan.allow.0.expires: must be a date'],
    ['expires', '2027-1-3', 'scan.allow.0.expires: must be a date'],
    ['expires', '2027-01-31T00:00:00Z', 'scan.allow.0.expires: must be a date'],
    ['id', '', 'scan.allow.0.id: must be the id of a finding'],
    ['package', '', 'scan.allow.0.package: must be the name of a package'],
    ['expire', 'never', 'scan.allow.0.expire: is not a known field. Did you mean "expires"?'],
  ])('is rejected with %s %j', (field, value, expected) => {
    expect(refusalOf([{ ...entry, [field]: value }])).toContain(expected);
  });

  it('allows a finding in a package once', () => {
    expect(refusalOf([entry, { ...entry, reason: 'another' }])).toContain(
      'scan.allow: must be a list of allowed findings, each id and package once',
    );
  });

  it('names a threshold that scans know', () => {
    expect(refusal({ ...valid, scan: { threshold: 'high' } })).toContain(
      'scan.threshold: must be one of CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, not "high"',
    );
  });
});

describe('smoke test settings of image.json', () => {
  it('is kept', () => {
    const verify = { env: { SERVICE_TOKEN: 'x' }, ready: '/health/ready' };
    expect(parseImageConfig(JSON.stringify({ ...valid, verify }), file).verify).toEqual(verify);
  });

  it.each([
    [{ env: { PORT: 3000 } }, 'verify.env.PORT: must be the value of a variable, a text, not 3000'],
    [{ env: { 'A=B': '' } }, 'verify.env.A=B: is not the name of a variable'],
    [{ ready: 'ready' }, 'verify.ready: must be an absolute path'],
    [{ enw: {} }, 'verify.enw: is not a known field. Did you mean "env"?'],
  ])('is rejected with %j', (verify, expected) => {
    expect(refusal({ ...valid, verify })).toContain(expected);
  });
});
