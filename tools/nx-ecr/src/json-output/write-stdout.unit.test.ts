import { Writable } from 'node:stream';
import { writeStdout } from './write-stdout';

const stream = (failure?: string) => {
  const written: string[] = [];
  const writable = new Writable({
    write(chunk, _, done) {
      setImmediate(() => {
        written.push(String(chunk));
        done(failure ? Object.assign(new Error(failure), { code: failure }) : null);
      });
    },
  });
  return Object.assign(writable, { written });
};

describe('what goes to standard output', () => {
  it('is on its way when the executor is done', async () => {
    const out = stream();
    await writeStdout('[]\n', out);
    expect(out.written).toEqual(['[]\n']);
    expect(out.listenerCount('error')).toBe(0);
  });

  it('may find its reader gone', async () => {
    await expect(writeStdout('[]\n', stream('EPIPE'))).resolves.toBeUndefined();
  });

  it('fails where it cannot be written', async () => {
    await expect(writeStdout('[]\n', stream('ENOSPC'))).rejects.toThrow('ENOSPC');
  });
});
