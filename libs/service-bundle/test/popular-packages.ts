import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Bundle, bundleService, planBundle } from '../src';

const programs = path.join(__dirname, 'popular-packages');
/** By the name for npm. With that name here, Nx would take the folder for a project. */
const manifests = new Map([
  ['package.json', 'packages.json'],
  ['package-lock.json', 'packages.lock.json'],
]);

/** A program that uses one package, with the feature that makes it awkward to bundle. */
export interface Program {
  readonly name: string;
  readonly file: string;
  readonly feature: string;
}

export const popularPrograms: readonly Program[] = readdirSync(programs)
  .filter((file) => /\.[cm]js$/.test(file))
  .sort()
  .map((file) => {
    const feature = /^\/\/ (.*)/.exec(readFileSync(path.join(programs, file), 'utf8'))?.[1] ?? '';
    return { name: file.replace(/\.[cm]js$/, ''), file, feature };
  });

export interface Run {
  readonly output: string;
  readonly milliseconds: number;
}

export interface Trial {
  readonly bundle: Bundle;
  /** undefined if the program does not run on this machine. */
  readonly plain?: Run;
  readonly bundled?: Run;
  /** Of the bundled program. */
  readonly failure?: unknown;
}

/** A workspace with all packages installed, one app for each program. */
export class PopularPackages {
  private constructor(private readonly root: string) {}

  /**
   * Installs the packages beside npm's cache, and once for a lock file: tests have an empty home folder.
   * @throws if the npm registry is unreachable
   */
  static async install(): Promise<PopularPackages> {
    const texts = await Promise.all(
      [...manifests.values()].map((name) => readFile(path.join(programs, name))),
    );
    const identity = createHash('sha256').update(Buffer.concat(texts)).digest('hex').slice(0, 16);
    const npmCache = process.env.npm_config_cache ?? path.join(tmpdir(), 'npm');
    const root = path.join(path.dirname(npmCache), '.cache/typerush/popular-packages', identity);
    if (!existsSync(root)) await installInto(root);
    for (const { file, name } of popularPrograms) {
      await mkdir(path.join(root, 'apps', name), { recursive: true });
      await cp(path.join(programs, file), path.join(root, 'apps', name, file));
    }
    await declare(root);
    return new PopularPackages(root);
  }

  /**
   * Bundles each program and, if it runs on this machine, runs it with plain Node and bundled. Two at a time: one is bundled
   * while another one runs.
   */
  tryAll(runs: (program: Program) => boolean): ReadonlyMap<Program, Promise<Trial>> {
    const waiting = [...popularPrograms];
    const finish = new Map<Program, (trial: Promise<Trial>) => void>();
    const trials = new Map(
      waiting.map((program) => [
        program,
        new Promise<Trial>((resolve) => finish.set(program, resolve)),
      ]),
    );
    const work = async () => {
      for (let program = waiting.shift(); program; program = waiting.shift()) {
        const trial = this.tryOne(program, runs(program));
        // A failure is that of the test which awaits it.
        await trial.catch(() => undefined);
        finish.get(program)?.(trial);
      }
    };
    for (let count = 0; count < 2; count++) void work();
    for (const trial of trials.values()) trial.catch(() => undefined);
    return trials;
  }

  private async tryOne(program: Program, runs: boolean): Promise<Trial> {
    const bundle = await this.bundle(program);
    if (!runs) return { bundle };
    const plain = await this.runPlain(program);
    try {
      return { bundle, plain, bundled: await this.runBundle(program) };
    } catch (failure) {
      return { bundle, plain, failure };
    }
  }

  private runPlain({ name, file }: Program): Promise<Run> {
    return run(path.join(this.root, 'apps', name, file), this.root);
  }

  private bundle({ name, file }: Program): Promise<Bundle> {
    const options = {
      main: `apps/${name}/${file}`,
      tsConfig: `apps/${name}/tsconfig.json`,
      outputPath: `dist/${name}`,
      target: 'node20',
      external: [],
      omit: [],
      asFiles: {},
      assets: [],
      decoratorMetadata: false,
    };
    return bundleService(planBundle(options, this.root), name);
  }

  /** Runs a bundle where nothing else is: only what it contains can be found. */
  private async runBundle({ name }: Program): Promise<Run> {
    const folder = await mkdtemp(path.join(tmpdir(), 'popular-'));
    try {
      await cp(path.join(this.root, 'dist', name), folder, {
        recursive: true,
        verbatimSymlinks: true,
      });
      return await run(path.join(folder, 'service/main.js'), folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  }
}

/** Each app declares what it uses, and the workspace nothing: no app has the packages of another one. */
async function declare(root: string): Promise<void> {
  const manifest = await readFile(path.join(programs, 'packages.json'), 'utf8');
  const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
  for (const { name, file } of popularPrograms) {
    const text = await readFile(path.join(programs, file), 'utf8');
    const used = Object.entries(dependencies).filter(([each]) =>
      new RegExp(`'${each}(/[^']*)?'`).test(text),
    );
    const declared = JSON.stringify({ name, dependencies: Object.fromEntries(used) });
    await writeFile(path.join(root, 'apps', name, 'package.json'), declared);
  }
  await writeFile(path.join(root, 'package.json'), '{ "private": true }');
}

async function installInto(root: string): Promise<void> {
  const partial = `${root}.partial`;
  await rm(path.dirname(root), { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  for (const [name, file] of manifests) {
    await cp(path.join(programs, file), path.join(partial, name));
  }
  // The image's addons are for another C library than that of this machine.
  const flags = ['--force', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  try {
    await promisify(execFile)('npm', ['ci', ...flags], { cwd: partial });
  } catch (cause) {
    throw new Error(
      'Cannot install the popular packages: npm ci failed. The suite needs the npm registry.\n' +
        `Fix: check the network and the registry (npm ping), then run the suite again.\n${String((cause as { stderr?: string }).stderr)}`,
      { cause },
    );
  }
  await rename(partial, root);
}

async function run(file: string, cwd: string): Promise<Run> {
  const start = performance.now();
  // Colours and locales are those of a container.
  const env = { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, LANG: 'C.UTF-8' };
  const options = { cwd, env, timeout: 60_000, maxBuffer: 64_000_000 };
  const { stdout } = await promisify(execFile)(process.execPath, [file], options);
  return { output: stdout, milliseconds: performance.now() - start };
}
