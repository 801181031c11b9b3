import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { editorSchemas } from '../src/index';

const folder = join(__dirname, '..', 'schema');
for (const [file, schema] of Object.entries(editorSchemas())) {
  writeFileSync(join(folder, file), `${JSON.stringify(schema, null, 2)}\n`);
}
