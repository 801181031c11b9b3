// optional native parts
import { WebSocket, WebSocketServer } from 'ws';

async function main() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(`${data}!`)));
  await new Promise((resolve) => server.once('listening', resolve));
  const client = new WebSocket(`ws://127.0.0.1:${server.address().port}`);
  client.on('open', () => client.send('x'.repeat(100)));
  client.on('message', (data) => {
    console.log(String(data).length);
    client.close();
    server.close();
  });
}
void main();
