import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiledFolder, compileInMemory } from './pack';
import { packages } from './package-definition';

const workspaceRoot = join(__dirname, '../../..');
const plugin = packages['nx-ecr'];

const compiled = async () =>
  new Map(
    (await compileInMemory(workspaceRoot, plugin)).map(({ path, text }) => [path, text] as const),
  );

function filesOnDisk(): Map<string, string> {
  const root = join(workspaceRoot, plugin.root, compiledFolder);
  if (!existsSync(join(root, 'dist'))) return new Map();
  const entries = readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return [file.slice(root.length + 1), readFileSync(file, 'utf8')] as const;
    }),
  );
}

describe('compile', () => {
  it('gives the same bytes for the same sources', async () => {
    expect(await compiled()).toEqual(await compiled());
  });

  it('has been run since the sources of nx-ecr changed', async () => {
    const [expected, actual] = [await compiled(), filesOnDisk()];
    const paths = [...new Set([...expected.keys(), ...actual.keys()])];
    const stale = paths.filter((path) => expected.get(path) !== actual.get(path));
    if (stale.length > 0) {
      throw new Error('The compiled plugin is out of date. Fix: npm run compile');
    }
  });
});
