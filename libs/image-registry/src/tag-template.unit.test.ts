import fc from 'fast-check';
import { isTag, planTags, type TagPlanInput } from './index';

const push: TagPlanInput = {
  environment: 'dev',
  commit: { sha: '0fa5fd93b5c1e4d7a8b9c0d1e2f30415263748a9', dirty: false },
  time: new Date('2026-11-21T16:52:00.123Z'),
  version: '1.4.0',
  source: { branch: 'feature/New Thing', pr: '12', gitTag: 'v1.4.0', run: '77' },
};
const own = { fixed: ['dev-0fa5fd9', 'dev-20261121T165200Z'], moving: ['latest'] };

const more = (template: string, changes: Partial<TagPlanInput> = {}) => {
  const { fixed, moving } = planTags({ ...push, templates: [template], ...changes });
  return {
    fixed: fixed.filter((tag) => !own.fixed.includes(tag)),
    moving: moving.filter((tag) => !own.moving.includes(tag)),
  };
};

describe('a template of a tag', () => {
  it.each([
    ['{branch}', 'feature-New-Thing'],
    ['pr-{pr}', 'pr-12'],
    ['in-{environment}', 'in-dev'],
    ['stable', 'stable'],
  ])('%s makes %s, which moves', (template, tag) => {
    expect(more(template)).toEqual({ fixed: [], moving: [tag] });
  });

  it.each([
    ['v{version}', 'v1.4.0'],
    ['{gitTag}', 'v1.4.0'],
    ['git-{sha7}', 'git-0fa5fd9'],
    ['{sha}', push.commit.sha],
    ['{branch}-{sha7}', 'feature-New-Thing-0fa5fd9'],
    ['at-{timestamp}', 'at-20261121T165200Z'],
    ['run-{run}', 'run-77'],
  ])('%s makes %s, which stays', (template, tag) => {
    expect(more(template)).toEqual({ fixed: [tag], moving: [] });
  });

  it('marks what is named after a commit or a release, of uncommitted changes', () => {
    const commit = { ...push.commit, dirty: true };
    expect(more('v{version}', { commit }).fixed).toContain('v1.4.0-dirty');
    expect(more('{sha7}-{timestamp}', { commit }).fixed).toContain(
      '0fa5fd9-20261121T165200Z-dirty',
    );
    expect(more('{branch}', { commit }).moving).toEqual(['feature-New-Thing']);
    expect(more('run-{run}', { commit }).fixed).toContain('run-77');
  });

  it('is skipped and reported if the push lacks a value that it names', () => {
    const plan = planTags({ ...push, source: {}, templates: ['pr-{pr}', '{branch}', '{sha7}'] });
    expect(plan.fixed).toContain('0fa5fd9');
    expect(plan.skipped).toEqual([
      { template: 'pr-{pr}', missing: 'pr' },
      { template: '{branch}', missing: 'branch' },
    ]);
  });

  it('is an error if it was requested', () => {
    expect(() => planTags({ ...push, source: {}, requested: ['{gitTag}'] })).toThrow(
      expect.objectContaining({
        code: 'TAG_VARIABLE_MISSING',
        message: expect.stringMatching(/--tag=\{gitTag\}.*git tag/),
      }),
    );
  });

  it('counts as a name of the push only unless it was requested', () => {
    expect(planTags({ ...push, templates: ['run-{run}'] }).passing).toContain('run-77');
    expect(planTags({ ...push, requested: ['run-{run}'] }).passing).not.toContain('run-77');
  });

  it('that makes a tag of the environment adds nothing', () => {
    expect(planTags({ ...push, templates: ['latest', 'dev-{sha7}'] })).toMatchObject(own);
  });

  it.each(['{brunch}', 'a b', '{branch', 'x/{sha7}', ''])('"%s" is rejected', (template) => {
    expect(() => planTags({ ...push, requested: [template] })).toThrow(
      expect.objectContaining({
        code: 'TAG_TEMPLATE_INVALID',
        message: expect.stringContaining('{gitTag}'),
      }),
    );
  });

  it.each(['-{sha7}', `{sha7}${'x'.repeat(130)}`])('"%s" is rejected for its tag', (template) => {
    expect(() => more(template)).toThrow(
      expect.objectContaining({
        code: 'TAG_NAME_INVALID',
        message: expect.stringContaining(template.slice(0, 60)),
      }),
    );
  });

  it('is rejected together with the Git tag that makes it invalid', () => {
    expect(() => more('{gitTag}', { source: { gitTag: 'release/1' } })).toThrow(
      /"\{gitTag\}" produces the invalid tag "release\/1"/,
    );
  });

  it.each(['prod', 'staging'])('gives a branch that is called %s no tag', (branch) => {
    expect(() => more('{branch}', { source: { branch } })).toThrow(
      expect.objectContaining({ code: 'TAG_RESERVED', message: expect.stringContaining(branch) }),
    );
  });

  it('turns any branch name into a valid tag, and distinguishes long names', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 300, unit: 'binary' }), (branch) => {
        fc.pre(!['latest', 'prod', 'staging', 'stable'].includes(branch));
        const [tag = ''] = more('{branch}', { source: { branch } }).moving;
        expect(isTag(tag)).toBe(true);
        expect(more('b-{branch}-{sha7}', { source: { branch } }).fixed.every(isTag)).toBe(true);
      }),
    );
    const long = (end: string) => more('{branch}', { source: { branch: 'x'.repeat(200) + end } });
    expect(long('a')).not.toEqual(long('b'));
  });
});
