// WebAssembly in a module
import { createServer } from 'node:http';
import { request } from 'undici';

async function main() {
  const server = createServer((_request, response) => response.end('pong')).listen(0);
  const { body } = await request(`http://127.0.0.1:${server.address().port}`);
  console.log(await body.text());
  server.close();
  server.closeAllConnections();
}
void main();
