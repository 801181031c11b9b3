// loads the files of a folder at run time
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import autoload from '@fastify/autoload';
import fastify from 'fastify';

async function main() {
  const dir = mkdtempSync(path.join(tmpdir(), 'routes-'));
  writeFileSync(
    path.join(dir, 'hello.cjs'),
    `module.exports = async (app) => { app.get('/hello', () => ({ ok: true })); };`,
  );
  const app = fastify();
  app.register(autoload, { dir });
  console.log((await app.inject('/hello')).body);
}
void main();
