import { EventEmitter } from 'node:events';
import { RoundTrip } from './round-trip';
import { type GameSocket } from './socket-types';

describe('a round trip', () => {
  it('is measured from a ping to the pong that answers it', () => {
    const conn = new EventEmitter();
    let now = 0;
    const roundTrip = RoundTrip.of({ conn } as unknown as GameSocket, () => now);
    expect(roundTrip.halfMs).toBe(0);
    // A pong that nobody asked for.
    conn.emit('packet', { type: 'pong' });
    conn.emit('packetCreate', { type: 'ping' });
    now = 30;
    conn.emit('packet', { type: 'message' });
    now = 80;
    conn.emit('packet', { type: 'pong' });
    conn.emit('packet', { type: 'pong' });
    expect(roundTrip.halfMs).toBe(40);
  });

  it('is the shortest of the last eight', () => {
    const roundTrip = new RoundTrip();
    roundTrip.add(10);
    for (const ms of [90, 80, 70, 60, 75, 85, 95]) roundTrip.add(ms);
    expect(roundTrip.halfMs).toBe(5);
    roundTrip.add(100);
    expect(roundTrip.halfMs).toBe(30);
  });
});
