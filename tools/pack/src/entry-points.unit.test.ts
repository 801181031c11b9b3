import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Collection, entryPoints } from './entry-points';

describe('entryPoints', () => {
  it('returns the sources of executors, hashers and generators', () => {
    expect(
      entryPoints({
        executors: {
          one: {
            implementation: './dist/targets/one/executor',
            hasher: './dist/targets/one/hasher',
            schema: './src/targets/one/schema.json',
          },
          two: { implementation: './dist/targets/two/executor', description: 'Two' },
        },
        generators: { three: { factory: './dist/generators/three/generator', hidden: true } },
      }),
    ).toEqual([
      'src/targets/one/executor.ts',
      'src/targets/one/hasher.ts',
      'src/targets/two/executor.ts',
      'src/generators/three/generator.ts',
    ]);
  });

  it.each(['executors.json', 'generators.json'])(
    'returns existing files for each entry of %s',
    (file) => {
      const root = join(__dirname, '../../nx-ecr');
      const own = JSON.parse(readFileSync(join(root, file), 'utf8')) as Collection;
      const sources = entryPoints(own);
      expect(sources.length).toBeGreaterThan(3);
      for (const source of sources) {
        expect(readFileSync(join(root, source), 'utf8')).toContain('export default');
      }
    },
  );
});
