import { type KeystrokeBatch } from '@typerush/contracts';
import { decodeBatch, encodeAck, encodeBatch, encodeTick } from './binary';

describe('the binary frames', () => {
  it('carry every field of a batch', () => {
    const batch: KeystrokeBatch = {
      raceId: '1b4e28ba-2fa1-41d2-883f-0016d3cca427',
      round: 1,
      seq: 70_000,
      events: [
        [125, 'a'],
        [0, '\b'],
        [60_000, '\u{1f600}'],
      ],
    };
    expect(decodeBatch(encodeBatch(batch))).toEqual(batch);
  });

  it('ignore half a keystroke, and a code point that does not exist', () => {
    const data = Buffer.concat([Buffer.alloc(23, 1), Buffer.alloc(7, 255)]);
    expect(decodeBatch(data).events).toEqual([[65_535, '\u{10ffff}']]);
  });

  it('are as small as the limit should be', () => {
    expect(encodeAck(3, 3)).toHaveLength(9);
    expect(encodeTick(1, [[2, 517]])).toEqual(Buffer.from([3, 1, 2, 5, 2]));
  });
});
