import { createServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { programOptions } from '../program-options';
import { countdownMs } from '../reference-room';
import { now, seatOf } from './rooms';

/** As the first TypeRush: each caret goes to the others in the room at once, unchecked. */
const server = createServer();
const sockets = new Server(server, { transports: ['websocket'], serveClient: false });

sockets.on('connection', (socket: Socket) => {
  const room = String(seatOf(socket.handshake.url).room);
  void socket.join(room);
  socket.on('start', (_request: unknown, acknowledge: (reply: object) => void) => {
    const startAt = now() + countdownMs;
    sockets.local.to(room).emit('countdown', { raceId: room, startAt });
    acknowledge({ ok: true });
  });
  socket.on('caret', (caret: unknown) => void socket.to(room).emit('caret', caret));
});
server.listen(programOptions.port, '127.0.0.1');
