import { type RoomPlayer } from '@typerush/contracts';
import { noticeSentence } from './notice';

const room = { players: [{ playerId: 'a', name: 'Ada' } as RoomPlayer] };

describe('a notice', () => {
  it('names the new host, or the reader', () => {
    const notice = { type: 'host', playerId: 'a' } as const;
    expect(noticeSentence(notice, room, 'b')).toBe('Ada is the host now.');
    expect(noticeSentence(notice, room, 'a')).toBe('You are the host now.');
    expect(noticeSentence(notice, undefined, 'b')).toBe('Another player is the host now.');
  });

  it('says that an aborted race is not recorded', () => {
    for (const reason of ['host', 'stopping'] as const) {
      expect(noticeSentence({ type: 'aborted', reason }, room, 'a')).toMatch(
        /nothing is recorded/i,
      );
    }
  });
});
