import { cp, mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';

interface Package {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** `tsc` is usual for a standalone service; `esbuild` is the fastest compiler. */
export type Compiler = 'tsc' | 'esbuild';

const scripts: Readonly<Record<Compiler, string>> = {
  tsc: 'tsc',
  esbuild:
    'esbuild src/main.ts --bundle --packages=external --platform=node --target=node20 --outfile=dist/main.js',
};

/**
 * Writes a service of the workspace as a separate repository: the same source, its libraries in folders of `src`,
 * dependencies in the installed versions, and only those development dependencies that compile it.
 * @param service its folder, relative to the workspace
 */
export async function writeStandaloneService(
  workspaceRoot: string,
  service: string,
  target: string,
  compiler: Compiler,
): Promise<void> {
  const parts = await collectParts(workspaceRoot, path.join(workspaceRoot, service));
  const folders = new Map(parts.map(({ own, folder }) => [own.name, folder] as const));
  for (const { root, folder } of parts) {
    const from = path.join(root, 'src');
    for (const file of await readdir(from, { recursive: true })) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
      const to = path.join(target, 'src', folder, file);
      await mkdir(path.dirname(to), { recursive: true });
      await cp(path.join(from, file), to);
      await relink(to, path.join(target, 'src'), folders);
    }
  }
  const packages = parts.map(({ own }) => own);
  await writeJson(target, 'package.json', await manifest(workspaceRoot, packages, compiler));
  await writeJson(target, 'tsconfig.json', await compilerConfig(workspaceRoot));
  await writeFile(path.join(target, '.dockerignore'), 'node_modules\ndist\n.git\n');
  await writeFile(path.join(target, '.gitignore'), 'node_modules\ndist\n');
}

interface Part {
  readonly own: Package;
  readonly root: string;
  /** Relative to `src`; empty for the service itself. */
  readonly folder: string;
}

/** The service, and the libraries of the workspace that it imports, directly or not. */
async function collectParts(workspaceRoot: string, root: string, folder = ''): Promise<Part[]> {
  const own = await readJson<Package>(path.join(root, 'package.json'));
  const parts: Part[] = [{ own, root, folder }];
  for (const name of Object.keys(own.dependencies ?? {})) {
    const library = await realpath(path.join(workspaceRoot, 'node_modules', name)).catch(() => '');
    if (!library || library.includes('node_modules')) continue;
    parts.push(...(await collectParts(workspaceRoot, library, path.basename(library))));
  }
  return [...new Map(parts.map((part) => [part.root, part])).values()];
}

/** Changes imports of workspace libraries to relative ones. */
async function relink(file: string, src: string, folders: ReadonlyMap<string, string>) {
  const text = await readFile(file, 'utf8');
  const linked = text.replaceAll(/from '([^.'][^']*)'/g, (statement, name: string) => {
    const folder = folders.get(name);
    if (!folder) return statement;
    const to = path.relative(path.dirname(file), path.join(src, folder, 'index'));
    return `from '${to.startsWith('.') ? to : `./${to}`}'`;
  });
  await writeFile(file, linked);
}

async function manifest(workspaceRoot: string, packages: readonly Package[], compiler: Compiler) {
  const own = new Set(packages.map(({ name }) => name));
  const names = (field: 'dependencies' | 'devDependencies') =>
    packages.flatMap((each) => Object.keys(each[field] ?? {})).filter((name) => !own.has(name));
  const types = names('devDependencies').filter((name) => /^@types\/(?!jest|supertest)/.test(name));
  const versions = async (of: readonly string[]) =>
    Object.fromEntries(
      await Promise.all(
        [...new Set(of)].map(async (name) => {
          const file = path.join(workspaceRoot, 'node_modules', name, 'package.json');
          return [name, (await readJson<{ version: string }>(file)).version] as const;
        }),
      ),
    );
  return {
    name: path.basename(packages[0]?.name ?? 'service'),
    version: '1.0.0',
    private: true,
    scripts: { build: scripts[compiler] },
    dependencies: await versions(names('dependencies')),
    devDependencies: await versions(
      compiler === 'tsc' ? [...types, '@types/node', 'typescript'] : ['esbuild'],
    ),
  };
}

/** The workspace's compiler options, with output for Node. */
async function compilerConfig(workspaceRoot: string) {
  const file = path.join(workspaceRoot, 'tsconfig.base.json');
  const base = await readJson<{ compilerOptions: Record<string, unknown> }>(file);
  const { strict, target, lib, esModuleInterop, skipLibCheck, resolveJsonModule } =
    base.compilerOptions;
  return {
    compilerOptions: {
      ...{ strict, target, lib, esModuleInterop, skipLibCheck, resolveJsonModule },
      module: 'commonjs',
      moduleResolution: 'bundler',
      types: ['node'],
      rootDir: 'src',
      outDir: 'dist',
    },
    include: ['src'],
  };
}

const readJson = async <T>(file: string) => JSON.parse(await readFile(file, 'utf8')) as T;

const writeJson = (folder: string, file: string, value: unknown) =>
  writeFile(path.join(folder, file), `${JSON.stringify(value, null, 2)}\n`);
