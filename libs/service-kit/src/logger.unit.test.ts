import { inspect } from 'node:util';
import { logLines } from '../test/log-lines';
import { requestContext } from './request-context';

describe('a logger', () => {
  it('writes the level as a word, an ISO time, the service and the fields', () => {
    const { logger, lines } = logLines();
    logger.info({ playerId: 'p1' }, 'session created');
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
        service: 'test',
        playerId: 'p1',
        msg: 'session created',
      },
    ]);
  });

  it('writes nothing below its level', () => {
    const { logger, lines } = logLines('warn');
    logger.info('quiet');
    expect(lines).toEqual([]);
  });

  it('adds the id of the current request', async () => {
    const { logger, lines } = logLines();
    await requestContext.run({ requestId: 'r1' }, async () => {
      await Promise.resolve();
      logger.info('inside');
    });
    logger.info('outside');
    expect(lines.map(({ requestId }) => requestId)).toEqual(['r1', undefined]);
  });

  it.each([
    [{ token: 'hush' }],
    [{ headers: { authorization: 'hush', cookie: 'hush', 'set-cookie': 'hush' } }],
    [{ request: { headers: { Authorization: 'hush' } } }],
    [{ config: { SESSION_SECRET: 'hush', database: { password: 'hush' } } }],
    [{ a: { b: { c: { secret: 'hush' } } } }],
    [{ players: [{ name: 'Ada' }, { token: 'hush' }] }],
    [{ token: { of: { any: 'hush' } } }],
    [
      {
        err: Object.assign(new Error('refused'), {
          config: { headers: { authorization: 'hush' } },
        }),
      },
    ],
    [{ err: new AggregateError([Object.assign(new Error('refused'), { token: 'hush' })]) }],
    [{ answer: { toJSON: () => ({ password: 'hush' }) } }],
    [{ failure: Object.assign(new Error('refused'), { token: 'hush' }) }],
  ])('keeps the secrets of %j to itself', (fields) => {
    const { logger, lines } = logLines();
    const before = inspect(fields, { depth: 9 });
    logger.info(fields, 'with secrets');
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('hush');
    expect(JSON.stringify(lines)).toContain('[redacted]');
    expect(inspect(fields, { depth: 9 })).toBe(before);
  });

  it('writes dates, lists and buffers as pino does', () => {
    const { logger, lines } = logLines();
    const fields = { at: new Date(0), list: [1, [2], null], bytes: Buffer.from('ab') };
    logger.info({ ...fields, none: undefined }, 'plain');
    expect(lines[0]).toMatchObject(JSON.parse(JSON.stringify(fields)) as object);
    expect(lines[0]).not.toHaveProperty('none');
  });

  it('ends a line of circular fields, without their secrets', () => {
    const { logger, lines } = logLines();
    const loop: Record<string, unknown> = { name: 'loop', token: 'hush' };
    loop['self'] = loop;
    logger.info({ loop }, 'circular');
    expect(lines[0]).toMatchObject({ loop: { name: 'loop', self: { token: '[redacted]' } } });
    expect(JSON.stringify(lines)).not.toContain('hush');
  });

  it('keeps the stack and the cause of an error', () => {
    const { logger, lines } = logLines();
    logger.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
    const { err } = lines[0] as { err: { message: string; stack: string } };
    expect(err.message).toBe('outer: inner');
    expect(err.stack).toContain('caused by: Error: inner');
  });
});
