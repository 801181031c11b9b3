// serves its own client, optional native part of ws
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';

const http = createServer();
const server = new Server(http);
server.on('connection', (socket) => socket.on('ping', (reply) => reply('pong')));
http.listen(0, '127.0.0.1', async () => {
  const address = `http://127.0.0.1:${http.address().port}`;
  const client = io(address, { transports: ['websocket'] });
  console.log(await client.emitWithAck('ping'));
  const script = await fetch(`${address}/socket.io/socket.io.js`);
  console.log(script.status, (await script.text()).length > 10_000);
  client.close();
  server.close();
});
