// serves its own static files
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify from 'fastify';

async function main() {
  const app = fastify();
  await app.register(swagger, { openapi: { info: { title: 'Api', version: '1' } } });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  await app.ready();
  const page = await app.inject('/docs/static/index.html');
  const script = await app.inject('/docs/static/swagger-ui-bundle.js');
  console.log(page.statusCode, script.statusCode, script.rawPayload.length > 100_000);
  await app.close();
}
void main();
