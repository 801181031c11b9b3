import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { executors, generators } from '../../package.json';
import { type Collection, entryPoints, published } from './entry-points';

const collection: Collection = {
  executors: {
    one: {
      implementation: './load.cjs#executors/one/executor',
      hasher: './load.cjs#json-output/hasher',
      schema: './src/executors/one/schema.json',
    },
    two: { implementation: './src/executors/two/executor', description: 'Two' },
  },
  generators: { three: { factory: './src/generators/three/generator', hidden: true } },
};

describe('a collection of executors and generators', () => {
  it('names the sources that are compiled', () => {
    expect(entryPoints(collection)).toEqual([
      'src/executors/one/executor.ts',
      'src/json-output/hasher.ts',
      'src/executors/two/executor.ts',
      'src/generators/three/generator.ts',
    ]);
  });

  it('names JavaScript where it is published, and keeps all else', () => {
    expect(published(collection)).toEqual({
      executors: {
        one: {
          implementation: './src/executors/one/executor.js',
          hasher: './src/json-output/hasher.js',
          schema: './src/executors/one/schema.json',
        },
        two: { implementation: './src/executors/two/executor.js', description: 'Two' },
      },
      generators: { three: { factory: './src/generators/three/generator.js', hidden: true } },
    });
  });

  it('keeps the way up from a collection in a folder', () => {
    const collection = {
      executors: { one: { implementation: '../load.cjs#executors/one/executor' } },
    };
    expect(entryPoints(collection)).toEqual(['src/executors/one/executor.ts']);
    expect(published(collection)).toEqual({
      executors: { one: { implementation: '../src/executors/one/executor.js' } },
    });
  });

  it.each([executors, generators])('finds the source of each entry of %s', (file) => {
    const root = join(__dirname, '../..');
    const own = JSON.parse(readFileSync(join(root, file), 'utf8')) as Collection;
    const sources = entryPoints(own);
    expect(sources.length).toBeGreaterThan(3);
    for (const source of sources) {
      expect(readFileSync(join(root, source), 'utf8')).toContain('export default');
    }
  });
});
