import { repositoryPrefixes } from './repository-prefixes';

describe('the prefixes of repositories', () => {
  it('are their namespaces, each once', () => {
    expect(
      repositoryPrefixes(['typerush/record', 'typerush/game', 'platform-prod/team/api']),
    ).toEqual(['platform-prod/team/', 'typerush/']);
  });

  it('are the name itself if there is no namespace', () => {
    expect(repositoryPrefixes(['api'])).toEqual(['api']);
  });
});
