import { planRelease } from './plan-release';

const environments = { environment: 'prod', prereleaseEnvironment: 'staging' } as const;

describe('planRelease', () => {
  it.each([
    ['1.2.0', 'prod'],
    ['1.2.0-rc.1', 'staging'],
    ['1.2.0+build-7', 'prod'],
  ])('pushes %s to %s', (newVersion, environment) => {
    const nxReleaseVersionData = { api: { newVersion } };
    expect(planRelease('api', '1.1.0', { ...environments, nxReleaseVersionData })).toEqual({
      version: newVersion,
      environment,
    });
  });

  it.each([
    ['no new version', { api: { newVersion: null } }],
    ['an empty version', { api: { newVersion: '' } }],
    ['a release of other projects', { web: { newVersion: '2.0.0' } }],
    ['a release without projects', {}],
  ])('pushes nothing for %s', (_, nxReleaseVersionData) => {
    expect(planRelease('api', '1.1.0', { ...environments, nxReleaseVersionData })).toBeUndefined();
  });

  it('pushes the version of package.json for nx release publish by itself', () => {
    expect(planRelease('api', '1.1.0', environments)).toEqual({
      version: '1.1.0',
      environment: 'prod',
    });
  });
});
