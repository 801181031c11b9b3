import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaFiles } from '../src/schema-files';

const folder = join(__dirname, '..', 'src');
for (const [file, schema] of Object.entries(schemaFiles())) {
  writeFileSync(join(folder, file), `${JSON.stringify(schema, null, 2)}\n`);
}
