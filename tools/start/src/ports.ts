import { createServer } from 'node:net';
import type { Program } from './programs';
import { StartError } from './start-error';

/** @throws StartError `PORT_TAKEN` that names each port in use, the program that needs it, and a fix */
export async function requireFreePorts(programs: Program[]): Promise<void> {
  const free = await Promise.all(programs.map(({ port }) => isFree(port)));
  const taken = programs.filter((_, index) => !free[index]);
  if (taken.length === 0) return;
  const lines = taken.map(
    ({ name, port, portVariable }) =>
      `  port ${port} (${name}) is in use: stop the program that listens there (\`lsof -i :${port}\` shows it), ` +
      `or use another port: ${portVariable}=${port + 10} npm start`,
  );
  throw new StartError(
    'PORT_TAKEN',
    `Nothing was started:\n${lines.join('\n')}\n` +
      'If `npm start` or `npm run dev` is running in another terminal, end it with Ctrl-C first: they use the same data.',
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      probe.close(() => resolve(true)),
    );
  });
}
