import fc from 'fast-check';
import { deployedTag, environments, isTag, planTags, type TagPlanInput } from './index';

const push: TagPlanInput = {
  environment: 'dev',
  commit: { sha: '0fa5fd93b5c1e4d7a8b9c0d1e2f30415263748a9', dirty: false },
  time: new Date('2026-11-21T16:52:00.123Z'),
  version: '1.4.0',
};
const dirty = { ...push.commit, dirty: true };

describe('the tags of a push', () => {
  it.each(['local', 'dev'] as const)('to %s are latest, the commit and the time', (environment) => {
    expect(planTags({ ...push, environment })).toEqual({
      passing: ['dev-20261121T165200Z'],
      skipped: [],
      fixed: ['dev-0fa5fd9', 'dev-20261121T165200Z'],
      moving: ['latest'],
    });
  });

  it('are those of a set that replaces the profile’s, and the tag that is deployed from', () => {
    const tagSet = ['staging-{sha7}', 'v{version}', '{gitTag}'];
    for (const retention of ['environment', 'release'] as const) {
      const source = { branch: 'main' };
      expect(planTags({ ...push, environment: 'staging', retention, tagSet, source })).toEqual({
        passing: [],
        skipped: [{ template: '{gitTag}', missing: 'gitTag' }],
        fixed: ['staging-0fa5fd9', 'v1.4.0'],
        moving: ['staging'],
      });
    }
  });

  it('are never those that another environment is deployed from', () => {
    const set = { ...push, environment: 'staging', tagSet: ['prod'] } as const;
    expect(() => planTags(set)).toThrow(/prod/);
  });

  it('to staging are staging and the commit', () => {
    expect(planTags({ ...push, environment: 'staging' })).toMatchObject({
      fixed: ['staging-0fa5fd9'],
      moving: ['staging'],
    });
  });

  it('to prod are prod, the commit and the version', () => {
    expect(planTags({ ...push, environment: 'prod' })).toMatchObject({
      fixed: ['prod-0fa5fd9', 'v1.4.0'],
      moving: ['prod'],
    });
  });

  it.each(environments)(
    'to %s include the one that it is deployed from, which moves',
    (environment) => {
      expect(planTags({ ...push, environment }).moving).toEqual([deployedTag(environment)]);
    },
  );

  it('mark the commit of a dirty tree in dev and staging', () => {
    expect(planTags({ ...push, commit: dirty }).fixed).toEqual([
      'dev-0fa5fd9-dirty',
      'dev-20261121T165200Z',
    ]);
    expect(planTags({ ...push, commit: dirty, environment: 'staging' }).fixed).toEqual([
      'staging-0fa5fd9-dirty',
    ]);
  });

  it('are refused for a dirty tree in prod', () => {
    expect(() => planTags({ ...push, commit: dirty, environment: 'prod' })).toThrow(
      expect.objectContaining({
        code: 'DIRTY_TREE',
        message: expect.stringContaining('Commit or discard'),
      }),
    );
  });

  it.each(['1.4', 'v1.4.0', '01.4.0', '', '1.4.0-', 'latest', '1.4.0+build.7'])(
    'are refused for the version "%s"',
    (version) => {
      expect(() => planTags({ ...push, version })).toThrow(
        expect.objectContaining({ code: 'VERSION_INVALID' }),
      );
    },
  );

  it('take a pre-release', () => {
    expect(planTags({ ...push, environment: 'prod', version: '2.0.0-rc.1' }).fixed).toContain(
      'v2.0.0-rc.1',
    );
  });

  it.each(['', '0fa5fd', '0FA5FD9', 'HEAD', '0fa5fd9; rm', 'a'.repeat(65)])(
    'are refused for the commit "%s"',
    (sha) => {
      expect(() => planTags({ ...push, commit: { sha, dirty: false } })).toThrow(
        expect.objectContaining({ code: 'COMMIT_INVALID' }),
      );
    },
  );

  it('are valid, and the fixed ones name commit, time or version, whatever is pushed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...environments),
        fc.stringMatching(/^[0-9a-f]{7,64}$/),
        fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }),
        fc.tuple(fc.nat(), fc.nat(), fc.nat()),
        (environment, sha, time, parts) => {
          const plan = planTags({
            environment,
            commit: { sha, dirty: false },
            time,
            version: parts.join('.'),
          });
          expect([...plan.fixed, ...plan.moving].every(isTag)).toBe(true);
          expect(plan.fixed[0]).toContain(sha.slice(0, 7));
          expect(plan.moving).toHaveLength(1);
        },
      ),
    );
  });

  it('have "_" in the place of the "+" of a Git tag', () => {
    const source = { gitTag: 'v1.2.3+build.5' };
    expect(planTags({ ...push, source, templates: ['{gitTag}'] }).fixed).toContain(
      'v1.2.3_build.5',
    );
  });

  it('of any length are shortened in messages', () => {
    const long = 'x'.repeat(1000);
    for (const requested of [[long], [`{${long}}`], [`${long}{pr}`]]) {
      expect(() => planTags({ ...push, requested })).toThrow(
        expect.objectContaining({ message: expect.not.stringMatching(/x{100}/) }),
      );
    }
  });

  it('that are too long are refused', () => {
    expect(() =>
      planTags({ ...push, environment: 'prod', version: `1.0.0-${'a'.repeat(130)}` }),
    ).toThrow(expect.objectContaining({ code: 'TAG_NAME_INVALID' }));
  });
});

describe('a tag', () => {
  it('has at most 128 characters, and starts with a letter, digit or underscore', () => {
    expect(['a', '_a.b-c', 'a'.repeat(128)].every(isTag)).toBe(true);
    expect(['', '.a', '-a', 'a b', 'a/b', 'a:b', 'a'.repeat(129), 'a\n'].some(isTag)).toBe(false);
  });
});
