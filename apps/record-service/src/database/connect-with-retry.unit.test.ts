import { ServiceError } from '@typerush/service-kit';
import { silentLogger } from '../../test/open-database';
import { connectWithRetry } from './connect-with-retry';
import { type Connection } from './connection';

const connection = {} as Connection;
const failure = (code?: string, message = 'it failed') =>
  Object.assign(new Error(message), code ? { code } : {});

/** Fails with each of the errors, then connects. */
function attempts(...errors: Error[]) {
  let made = 0;
  const connect = () => {
    const error = errors[made];
    made += 1;
    return error ? Promise.reject(error) : Promise.resolve(connection);
  };
  return { connect, made: () => made };
}

const retry = (
  connect: () => Promise<Connection>,
  limitMs = 60_000,
  signal = new AbortController().signal,
) => connectWithRetry({ connect, limitMs, logger: silentLogger, signal });

describe('connecting with retries', () => {
  it.each([
    ['refused', failure('ECONNREFUSED')],
    ['unknown to the name server', failure('ENOTFOUND')],
    ['still starting', failure('57P03')],
    ['out of connections', failure('53300')],
    ['silent', failure(undefined, 'timeout expired')],
    ['refused on each of its addresses', new AggregateError([failure('ECONNREFUSED')])],
  ])('tries again while the server is %s', async (_what, error) => {
    const { connect, made } = attempts(error);
    expect(await retry(connect)).toBe(connection);
    expect(made()).toBe(2);
  });

  it.each([
    ['the password is wrong', failure('28P01')],
    ['there is no such database', failure('3D000')],
    ['of unknown reason', failure()],
  ])('gives up at once when %s', async (_what, error) => {
    const { connect, made } = attempts(error);
    await expect(retry(connect)).rejects.toMatchObject({ code: 'DATABASE_REFUSED', cause: error });
    expect(made()).toBe(1);
  });

  it('gives up after the limit, and reports the last reason', async () => {
    const { connect } = attempts(failure('ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.7:5432'));
    await expect(retry(connect, 0)).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining('10.0.0.7:5432'),
    });
  });

  it('passes on a failure that already names a remedy', async () => {
    const error = new ServiceError('FOLDER_IN_USE', 'Stop that.');
    await expect(retry(attempts(error).connect)).rejects.toBe(error);
  });

  it('stops waiting if it is aborted', async () => {
    const aborter = new AbortController();
    const waiting = retry(attempts(failure('ECONNREFUSED')).connect, 60_000, aborter.signal);
    aborter.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});
