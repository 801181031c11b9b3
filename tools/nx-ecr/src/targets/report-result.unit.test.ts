import { Writable } from 'node:stream';
import { print } from './report-result';

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
    await print('[]\n', out);
    expect(out.written).toEqual(['[]\n']);
    expect(out.listenerCount('error')).toBe(0);
  });

  it('may find its reader gone', async () => {
    await expect(print('[]\n', stream('EPIPE'))).resolves.toBeUndefined();
  });

  it('fails where it cannot be written', async () => {
    await expect(print('[]\n', stream('ENOSPC'))).rejects.toThrow('ENOSPC');
  });
});
