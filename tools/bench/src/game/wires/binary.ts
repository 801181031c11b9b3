import { type KeystrokeBatch } from '@typerush/contracts';

/** The first byte of a frame. */
export const frames = { keystrokes: 1, ack: 2, tick: 3, start: 4, countdown: 5, held: 6 };

const HEAD = 23;

/** Type, race (16 bytes), round, `seq`, count; then for each keystroke its dt and code point: 5 bytes. */
export function encodeBatch({ raceId, round, seq, events }: KeystrokeBatch): Buffer {
  const data = Buffer.alloc(HEAD + events.length * 5);
  data[0] = frames.keystrokes;
  data.write(raceId.replaceAll('-', ''), 1, 'hex');
  data[17] = round;
  data.writeUInt32LE(seq, 18);
  data[22] = events.length;
  events.forEach(([dtMs, key], n) => {
    data.writeUInt16LE(dtMs, HEAD + n * 5);
    data.writeUIntLE(key.codePointAt(0) ?? 0, HEAD + n * 5 + 2, 3);
  });
  return data;
}

export function decodeBatch(data: Buffer): KeystrokeBatch {
  const id = data.toString('hex', 1, 17);
  const at = [0, 8, 12, 16, 20, 32];
  const events: [number, string][] = [];
  for (let offset = HEAD; offset + 5 <= data.length; offset += 5) {
    const key = String.fromCodePoint(Math.min(data.readUIntLE(offset + 2, 3), 0x10ffff));
    events.push([data.readUInt16LE(offset), key]);
  }
  return {
    raceId: at
      .slice(1)
      .map((end, n) => id.slice(at[n], end))
      .join('-'),
    round: data[17] ?? 0,
    seq: data.readUInt32LE(18),
    events,
  };
}

/** What was acknowledged, and up to where all has been accepted; -1 if it was refused. */
export function encodeAck(of: number, seq: number): Buffer {
  const data = Buffer.alloc(9);
  data[0] = frames.ack;
  data.writeUInt32LE(of, 1);
  data.writeInt32LE(seq, 5);
  return data;
}

/** Type, round, then 3 bytes for each player that has moved. */
export function encodeTick(
  round: number,
  moved: readonly (readonly [number, number, number?])[],
): Buffer {
  const data = Buffer.alloc(2 + moved.length * 3);
  data[0] = frames.tick;
  data[1] = round;
  moved.forEach(([index, position], n) => {
    data[2 + n * 3] = index;
    data.writeUInt16LE(position, 3 + n * 3);
  });
  return data;
}
