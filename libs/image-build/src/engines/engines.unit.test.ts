import { type Availability, type ImageEngine } from './image-engine';
import { selectEngine } from './engines';

const engine = (name: ImageEngine['name'], found: Availability): ImageEngine => ({
  name,
  detect: () => Promise.resolve(found),
  build: () => Promise.reject(new Error('not expected')),
});
const request = { platforms: ['linux/amd64'], dockerfile: '/Dockerfile', args: {} };
const up: Availability = { available: true, detail: 'It builds.' };
const down: Availability = {
  available: false,
  code: 'DOCKER_DAEMON_DOWN',
  reason: 'No daemon.',
  fix: 'start it.',
};

describe('selectEngine', () => {
  it('selects with auto the first engine that can build', async () => {
    const { engine: selected } = await selectEngine(
      'auto',
      [engine('docker', up), engine('oci', up)],
      request,
    );
    expect(selected.name).toBe('docker');
  });

  it('skips with auto an engine that cannot build, and reports why', async () => {
    const engines = [engine('docker', down), engine('oci', up)];
    const { engine: selected, because } = await selectEngine('auto', engines, request);
    expect(selected.name).toBe('oci');
    expect(because).toBe('No daemon. It builds.');
  });

  it('rejects a requested engine that cannot build, with its fix', async () => {
    const engines = [engine('docker', down), engine('oci', up)];
    await expect(selectEngine('docker', engines, request)).rejects.toMatchObject({
      code: 'DOCKER_DAEMON_DOWN',
      message: 'No daemon.\nFix: start it.',
    });
  });
});
