import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { licensesOf } from './licenses';
import { compiledFolder, compileInMemory, compileToPublish } from './pack';
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

describe('compileToPublish', () => {
  it('contains the bundled packages with all that they import, and imports all others', async () => {
    const names = plugin.inside.map((root) => `@typerush/${root.split('/').at(-1)}`);
    const { imported, inputs } = await compileToPublish(workspaceRoot, plugin, names);
    const packagesInside = new Set(
      inputs.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
    );
    expect([...packagesInside]).toEqual(expect.arrayContaining(['execa', 'is-plain-obj']));
    expect(imported).toEqual(expect.arrayContaining(['@nx/devkit', 'esbuild', 'zod']));
    expect(imported.filter((name) => packagesInside.has(name))).toEqual([]);
    const licenses = await licensesOf(join(workspaceRoot, plugin.root), inputs);
    expect(licenses).toMatch(/^execa [\d.]+: MIT\n\nMIT License/m);
  });
});
