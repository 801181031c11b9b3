import { nextSteps } from './next-steps';

const nothingToNote = {
  project: 'api',
  root: 'apps/api',
  bundling: 'build',
  config: { repository: 'api', port: 8080, health: '/healthz' },
  hasLockFile: true,
  readsPort: true,
  healthKnown: true,
  loopback: false,
  handlesStopSignal: true,
};

describe('nextSteps', () => {
  it('lists what was found and what to run', () => {
    const text = nextSteps(nothingToNote);
    expect(text).toContain('apps/api/image.json: port 8080, health /healthz, repository api');
    expect(text).toContain('nx run api:docker-push --dry-run');
    expect(text).not.toContain('Check:');
  });

  it('lists every possible problem', () => {
    const text = nextSteps({
      ...nothingToNote,
      bundling: 'bundle',
      hasLockFile: false,
      readsPort: false,
      healthKnown: false,
      loopback: true,
      handlesStopSignal: false,
    });
    for (const note of [
      'No health route found',
      'does not read PORT: it has to listen on 8080',
      'listens only on loopback',
      'No handler of SIGTERM found',
      'The workspace has no lock file',
      '"bundle" bundles it for its image',
    ]) {
      expect(text).toContain(note);
    }
  });
});
