import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editorSchemas } from './index';

const folder = join(__dirname, '../schema');

describe('the JSON Schemas for editors', () => {
  it('are all there, and no others', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(editorSchemas()).sort());
  });

  it.each(Object.entries(editorSchemas()))(
    '%s is what the zod schema gives (else run `npx nx schemas image-registry`)',
    (file, schema) => {
      expect(JSON.parse(readFileSync(join(folder, file), 'utf8'))).toEqual(schema);
    },
  );

  it('let an image.json leave out what has a default', () => {
    expect(editorSchemas()['image.schema.json']).toMatchObject({
      required: ['repository', 'retention', 'port', 'health'],
      additionalProperties: false,
      properties: { platforms: { default: ['linux/amd64'], uniqueItems: true } },
    });
  });
});
