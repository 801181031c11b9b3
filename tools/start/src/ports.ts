import { createServer } from 'node:net';
import type { Program } from './programs';
import { StartError } from './start-error';

/** @throws StartError PORT_TAKEN that names every port in use, who wanted it, and the way out. */
export async function requireFreePorts(programs: Program[]): Promise<void> {
  const free = await Promise.all(programs.map(({ port }) => isFree(port)));
  const taken = programs.filter((_, index) => !free[index]);
  if (taken.length === 0) return;
  const lines = taken.map(
    ({ name, port, portVariable }) =>
      `  port ${port} (${name}) is taken: stop what listens there (\`lsof -i :${port}\` shows it), ` +
      `or take another: ${portVariable}=${port + 10} npm start`,
  );
  throw new StartError('PORT_TAKEN', `Nothing was started:\n${lines.join('\n')}`);
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
