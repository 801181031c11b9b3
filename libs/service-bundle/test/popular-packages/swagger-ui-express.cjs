// serves the files of another package
const { createServer } = require('node:http');
const express = require('express');
const swaggerUi = require('swagger-ui-express');

const app = express();
app.use('/docs', swaggerUi.serve, swaggerUi.setup({ openapi: '3.0.0', info: { title: 'Api' } }));
const server = createServer(app).listen(0, '127.0.0.1', async () => {
  const address = `http://127.0.0.1:${server.address().port}/docs`;
  const script = await fetch(`${address}/swagger-ui-bundle.js`);
  console.log((await fetch(`${address}/`)).status, script.status);
  console.log((await script.text()).length > 100_000);
  server.close();
});
