// ES modules only, with CommonJS dependencies
import { createServer } from 'node:http';
import got from 'got';

async function main() {
  const server = createServer((_request, response) => response.end('{"ok":true}')).listen(0);
  const { port } = server.address();
  console.log(await got(`http://127.0.0.1:${port}`).json());
  server.close();
}
void main();
