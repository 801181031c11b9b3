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

describe('print', () => {
  it('resolves after everything is written', async () => {
    const out = stream();
    await print('[]\n', out);
    expect(out.written).toEqual(['[]\n']);
    expect(out.listenerCount('error')).toBe(0);
  });

  it('ignores a closed pipe', async () => {
    await expect(print('[]\n', stream('EPIPE'))).resolves.toBeUndefined();
  });

  it('rejects if the output cannot be written', async () => {
    await expect(print('[]\n', stream('ENOSPC'))).rejects.toThrow('ENOSPC');
  });
});
