import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Bundle } from '../src/bundle';
import { type BundleOptions, planBundle } from '../src/bundle-plan';
import { bundleService } from '../src/bundle-service';

/** Content by path, relative to the workspace; a `package.json` may be an object. */
export type Sources = Readonly<Record<string, string | object>>;

const tsConfig = { compilerOptions: { target: 'es2022', experimentalDecorators: true } };

/** A workspace with one app, and packages of a few lines. */
export class SampleWorkspace {
  private constructor(readonly root: string) {}

  static async create(sources: Sources = {}): Promise<SampleWorkspace> {
    const root = await realpath(await mkdtemp(path.join(tmpdir(), 'bundle-')));
    const workspace = new SampleWorkspace(root);
    await workspace.write({ 'app/tsconfig.json': tsConfig, ...sources });
    return workspace;
  }

  async write(sources: Sources): Promise<void> {
    for (const [name, content] of Object.entries(sources)) {
      const file = path.join(this.root, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    }
  }

  bundle(
    options: Partial<BundleOptions> = {},
    report?: (warning: string) => void,
  ): Promise<Bundle> {
    const plan = planBundle(
      {
        main: 'app/main.ts',
        tsConfig: 'app/tsconfig.json',
        outputPath: 'dist/app',
        target: 'node20',
        external: [],
        omit: [],
        asFiles: {},
        assets: [],
        decoratorMetadata: false,
        ...options,
      },
      this.root,
    );
    return bundleService(plan, 'app', report);
  }

  /** The output of the bundle, run without its source packages and without the colours that Nx requests. */
  async run(): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), 'bundle-run-'));
    try {
      await cp(path.join(this.root, 'dist/app'), folder, { recursive: true });
      const main = path.join(folder, 'service/main.js');
      const { stdout } = await promisify(execFile)(process.execPath, [main], { env: {} });
      return stdout.trim();
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  /** A hash for each file of the bundle. */
  async hashes(): Promise<Record<string, string>> {
    const folder = path.join(this.root, 'dist/app');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const hashed = files.map(async ({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      const hash = createHash('sha256').update(await readFile(file));
      return [path.relative(folder, file), hash.digest('hex')] as const;
    });
    return Object.fromEntries((await Promise.all(hashed)).sort());
  }

  text(file: string): Promise<string> {
    return readFile(path.join(this.root, 'dist/app', file), 'utf8');
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

/** Creates workspaces that are removed after each test. */
export function sampleWorkspaces(): (sources: Sources) => Promise<SampleWorkspace> {
  const workspaces: SampleWorkspace[] = [];
  afterEach(async () => {
    for (const workspace of workspaces.splice(0)) await workspace.remove();
  });
  return async (sources) => {
    const workspace = await SampleWorkspace.create(sources);
    workspaces.push(workspace);
    return workspace;
  };
}

/** The files of an installed package. */
export function installed(
  folder: string,
  manifest: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>>,
): Sources {
  const name = folder.split('node_modules/').at(-1);
  return {
    [`${folder}/package.json`]: { name, version: '1.0.0', license: 'MIT', ...manifest },
    ...Object.fromEntries(
      Object.entries(files).map(([file, content]) => [`${folder}/${file}`, content]),
    ),
  };
}
