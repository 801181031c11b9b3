import { keystrokeSchema } from '@typerush/contracts';
import fc from 'fast-check';
import { sampleRound } from '../../test/sample-round';
import { packReplay, unpackReplay } from './replay-content';

const keystrokes = fc.array(
  fc
    .tuple(fc.nat(3_600_000), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }))
    .filter((keystroke) => keystrokeSchema.safeParse(keystroke).success),
);

describe('a packed replay', () => {
  it('is unpacked as it was, for any keystrokes', async () => {
    await fc.assert(
      fc.asyncProperty(keystrokes, async (typed) => {
        const replay = { keystrokes: typed, arrivals: [[7, 100] as const] };
        expect(await unpackReplay(await packReplay(replay))).toEqual(replay);
      }),
    );
  });

  it('is less than half as large as its JSON', async () => {
    const { keystrokes: typed = [], arrivals = [] } = sampleRound().players[0] ?? {};
    const packed = await packReplay({ keystrokes: typed, arrivals });
    expect(packed.length * 2).toBeLessThan(JSON.stringify([typed, arrivals]).length);
  });
});
