import { endsSession, isExpired, isSession } from './session-store';

const session = { token: 't', playerId: 'p', name: 'Ada', expiresAt: '2026-11-26T20:00:00.000Z' };

describe('a session', () => {
  it('has four texts', () => expect(isSession(session)).toBe(true));

  it.each([null, 'x', {}, { ...session, token: '' }, { ...session, name: 3 }])(
    'is not %j',
    (value) => expect(isSession(value)).toBe(false),
  );

  it('is expired from its time on, and if its time cannot be read', () => {
    const at = Date.parse(session.expiresAt);
    expect(isExpired(session, at - 1)).toBe(false);
    expect(isExpired(session, at)).toBe(true);
    expect(isExpired({ expiresAt: 'soon' }, at)).toBe(true);
  });

  it('ends by what the server says about tokens only', () => {
    expect(endsSession('SESSION_EXPIRED')).toBe(true);
    expect(endsSession('ROOM_FULL')).toBe(false);
  });
});
