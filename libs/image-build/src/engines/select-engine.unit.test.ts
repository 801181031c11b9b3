import { type Availability, type ImageEngine } from './image-engine';
import { selectEngine } from './select-engine';

const engine = (name: ImageEngine['name'], found: Availability): ImageEngine => ({
  name,
  detect: () => Promise.resolve(found),
  build: () => Promise.reject(new Error('not asked')),
});
const request = { platforms: ['linux/amd64'], dockerfile: '/Dockerfile', args: {} };
const up: Availability = { available: true, detail: 'It is there.' };
const down: Availability = {
  available: false,
  code: 'DOCKER_DAEMON_DOWN',
  reason: 'No daemon.',
  remedy: 'Start it.',
};

it('auto takes the first engine that can build', async () => {
  const { engine: taken } = await selectEngine(
    'auto',
    [engine('docker', up), engine('oci', up)],
    request,
  );
  expect(taken.name).toBe('docker');
});

it('auto goes on to the next engine and says why', async () => {
  const engines = [engine('docker', down), engine('oci', up)];
  const { engine: taken, because } = await selectEngine('auto', engines, request);
  expect(taken.name).toBe('oci');
  expect(because).toBe('No daemon. It is there.');
});

it('an engine that was asked for and cannot build is an error with its remedy', async () => {
  const engines = [engine('docker', down), engine('oci', up)];
  await expect(selectEngine('docker', engines, request)).rejects.toMatchObject({
    code: 'DOCKER_DAEMON_DOWN',
    message: 'No daemon. Start it.',
  });
});
