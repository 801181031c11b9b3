import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { requireFreePorts } from './ports';
import type { Program } from './programs';

const program = (name: string, port: number): Program => ({
  name,
  port,
  portVariable: `${name.toUpperCase()}_PORT`,
  script: '',
  args: [],
  readyPath: '/',
  env: {},
});

describe('requireFreePorts', () => {
  const server = createServer();
  let taken = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    taken = (server.address() as AddressInfo).port;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('names the port in use, the program that needs it and the variable that sets another', async () => {
    await expect(requireFreePorts([program('game', taken)])).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringMatching(
        new RegExp(`port ${taken} \\(game\\) is in use[^]*GAME_PORT=\\d+ npm start`),
      ),
    });
  });

  it('does not occupy a free port', async () => {
    const free = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const { port } = probe.address() as AddressInfo;
        probe.close(() => resolve(port));
      });
    });
    await requireFreePorts([program('game', free)]);
    await expect(requireFreePorts([program('game', free)])).resolves.toBeUndefined();
  });
});
