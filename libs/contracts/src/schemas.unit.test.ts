import { clockRequestSchema } from './clock';
import { errorBodySchema } from './error-body';
import { guestSessionSchema, sessionRequestSchema } from './guest-session';
import { socketHandshakeSchema } from './socket-handshake';
import { socketFailureSchema } from './socket-reply';

const session = {
  token: 'header.payload.signature',
  playerId: '0190c6a8-4f1e-7c3a-9b57-0d8a4f1e7c3a',
  name: 'Ada',
  expiresAt: '2026-11-22T05:00:00.000Z',
};
const error = { code: 'NOT_FOUND', message: 'There is no such race.' };

/** One row a schema: what it accepts. */
const accepted = [
  { name: 'a session request', schema: sessionRequestSchema, value: { name: 'Ada' } },
  { name: 'a guest session', schema: guestSessionSchema, value: session },
  { name: 'an error body', schema: errorBodySchema, value: { error } },
  { name: 'a failed acknowledgement', schema: socketFailureSchema, value: { ok: false, error } },
  { name: 'a socket handshake', schema: socketHandshakeSchema, value: { token: 'abc' } },
  { name: 'a clock request', schema: clockRequestSchema, value: { t0: 12.5 } },
];

describe.each(accepted)('$name', ({ schema, value }) => {
  it('is accepted as it is', () => expect(schema.parse(value)).toEqual(value));

  it('is rejected with an unknown field', () => {
    expect(schema.safeParse({ ...value, extra: 1 }).success).toBe(false);
  });

  it.each(Object.keys(value))('is refused without its field %s', (field) => {
    expect(schema.safeParse({ ...value, [field]: undefined }).success).toBe(false);
  });

  it.each([null, undefined, 'text', 7, []])('is refused when it is %j', (other) => {
    expect(schema.safeParse(other).success).toBe(false);
  });
});

describe('a clock request', () => {
  it.each([NaN, Infinity, -1, '5'])('is refused with the time %p', (t0) => {
    expect(clockRequestSchema.safeParse({ t0 }).success).toBe(false);
  });
});

describe('an error body', () => {
  it('may name the request and give details', () => {
    const body = { error: { ...error, requestId: 'r-1', details: { issues: [] } } };
    expect(errorBodySchema.parse(body)).toEqual(body);
  });
});
