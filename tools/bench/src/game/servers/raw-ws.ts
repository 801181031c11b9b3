import { WebSocketServer, type WebSocket } from 'ws';
import { programOptions } from '../program-options';
import { decodeBatch, encodeAck, encodeTick, frames } from '../wires/binary';
import { now, ReferenceRooms, seatOf } from './rooms';

/** The reference race over plain WebSocket, all frequent messages in binary: what remains without a framework. */
const connections = new Map<number, Set<WebSocket>>();
const rooms = new ReferenceRooms((room, moved) => {
  const data = encodeTick(1, moved);
  connections.get(room)?.forEach((connection) => connection.send(data));
});

const json = (type: number, value: object) =>
  Buffer.concat([Buffer.from([type]), Buffer.from(JSON.stringify(value))]);

new WebSocketServer({ port: programOptions.port, host: '127.0.0.1' }).on(
  'connection',
  (connection, request) => {
    const { room, index } = seatOf(request.url);
    const all = (connections.get(room) ?? new Set()).add(connection);
    connections.set(room, all);
    connection.on('message', (data: Buffer) => {
      if (data[0] === frames.keystrokes) {
        const batch = decodeBatch(data);
        try {
          connection.send(encodeAck(batch.seq, rooms.of(room).accept(index, batch, now())));
        } catch {
          connection.send(encodeAck(batch.seq, -1));
        }
      } else if (data[0] === frames.start) {
        const countdown = json(frames.countdown, rooms.begin(room));
        all.forEach((each) => each.send(countdown));
      } else if (data[0] === frames.held) {
        connection.send(json(frames.held, rooms.of(room).held(index)));
      }
    });
  },
);
