import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import executors from '../executors.json';
import generators from '../generators.json';
import { schemaFiles } from './schema-files';

interface OptionSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, OptionSchema>>;
  readonly items?: OptionSchema;
}

const entries: [string, { readonly schema: string; readonly description: string }][] = [
  ...Object.entries(executors.executors),
  ...Object.entries(generators.generators),
];

/** The paths of options without a description that ends like a sentence. */
const undescribed = ({ properties = {}, items }: OptionSchema, path = ''): string[] => [
  ...Object.entries(properties).flatMap(([name, option]) => [
    ...(option.description?.endsWith('.') ? [] : [path + name]),
    ...undescribed(option, `${path}${name}.`),
  ]),
  ...(items ? undescribed(items, path) : []),
];

describe('schema.json', () => {
  it('exists for every executor and generator', () => {
    const named = entries.map(([, { schema }]) => schema.replace('./src/', ''));
    expect(Object.keys(schemaFiles()).sort()).toEqual(named.sort());
  });

  it.each(Object.entries(schemaFiles()))(
    'equals the zod schema in %s (if not, run `npx nx schemas nx-ecr`)',
    (file, schema) => {
      expect(JSON.parse(readFileSync(join(__dirname, file), 'utf8'))).toEqual(schema);
    },
  );

  it.each(Object.entries(schemaFiles()))(
    'describes the target and every option in %s',
    (_, schema) => {
      expect((schema as OptionSchema).description).toMatch(/\.$/);
      expect(undescribed(schema as OptionSchema)).toEqual([]);
    },
  );
});

describe('executors.json and generators.json', () => {
  it.each(entries)('describe %s', (_, { description }) => {
    expect(description).toMatch(/^[A-Z].+[^.]$/);
  });
});
