import { createServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { WebSocketServer } from 'ws';
import { programOptions } from '../program-options';
import { requirePeer } from '../peers/require-peer';
import { encodeTick } from '../wires/binary';
import { type Moved, now, ReferenceRooms, seatOf } from './rooms';

/**
 * The reference race over Socket.IO. With the option `parser` its packets are binary; with `ticks` positions go over a
 * second, plain WebSocket connection of each player, in binary; with `acks` ticks acknowledge batches.
 */
const { port, parser, ticks, acks } = programOptions;
const server = createServer();
const sockets = new Server(server, {
  transports: ['websocket'],
  serveClient: false,
  ...(parser === 'msgpack' && { parser: requirePeer('socket.io-msgpack-parser') }),
});
const tickers = new Map<number, Set<{ send(data: Buffer): void }>>();
const send = (room: number, moved: readonly Moved[]) => {
  if (ticks !== 'ws') return void sockets.local.to(String(room)).emit('tick', [1, moved]);
  const data = encodeTick(1, moved);
  tickers.get(room)?.forEach((ticker) => ticker.send(data));
};
const rooms =
  acks === 'in ticks'
    ? new ReferenceRooms(send, (room) => room.acknowledged())
    : new ReferenceRooms(send);

type Acknowledge = (reply: object) => void;

sockets.on('connection', (socket: Socket) => {
  const { room, index } = seatOf(socket.handshake.url);
  void socket.join(String(room));
  socket.on('start', (_request: unknown, acknowledge: Acknowledge) => {
    sockets.local.to(String(room)).emit('countdown', rooms.begin(room));
    acknowledge({ ok: true });
  });
  socket.on('keystrokes', (batch: unknown, acknowledge?: Acknowledge) => {
    try {
      const seq = rooms.of(room).accept(index, batch, now());
      acknowledge?.({ ok: true, seq });
    } catch (error) {
      acknowledge?.({ ok: false, error: { code: (error as Error).message } });
    }
  });
  socket.on('held', (_request: unknown, acknowledge: Acknowledge) =>
    acknowledge({ ok: true, held: rooms.of(room).held(index) }),
  );
});

if (ticks === 'ws') {
  const plain = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (!request.url?.startsWith('/ticks')) return;
    plain.handleUpgrade(request, socket, head, (connection) => {
      const { room } = seatOf(request.url);
      tickers.set(room, (tickers.get(room) ?? new Set()).add(connection));
    });
  });
}
server.listen(port, '127.0.0.1');
