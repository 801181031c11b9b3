// waits at its top level
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import i18next from 'i18next';
import Backend from 'i18next-fs-backend';

async function main() {
  const folder = mkdtempSync(path.join(tmpdir(), 'locales-'));
  writeFileSync(path.join(folder, 'de.json'), '{"hello":"Hallo {{name}}"}');
  await i18next.use(Backend).init({
    lng: 'de',
    showSupportNotice: false,
    backend: { loadPath: path.join(folder, '{{lng}}.json') },
  });
  console.log(i18next.t('hello', { name: 'Welt' }));
}
void main();
