import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { findOwnFiles, stringsOf } from './file-use';
import { filesOf, type ShippedFile, shippedFile } from './shipped-files';
import { type BundlePlan } from './bundle-plan';
import { type ModuleGraph } from './module-graph';
import { type DevelopmentOptionals } from './optional-packages';
import { isThirdParty, nameOfFolder, packageFolder } from './third-party';

/** Traces what modules need at run time. It remembers what it has read, for the next round of linking. */
export class FileTracer {
  private graphs: Promise<readonly ModuleGraph[]> | undefined;
  private readonly ownFiles = new Map<string, Promise<readonly string[]>>();

  constructor(
    private readonly plan: BundlePlan,
    private readonly absent: DevelopmentOptionals,
  ) {}

  /**
   * All files that these modules need, with the files of their packages that they choose at run time.
   *
   * @param leftOut the folders of packages that are not shipped
   */
  async trace(
    modules: Iterable<string>,
    leftOut: ReadonlySet<string>,
  ): Promise<readonly ShippedFile[]> {
    const { workspaceRoot } = this.plan;
    const entries = new Set(modules);
    if (entries.size === 0) return [];
    const graphs = await (this.graphs ??= createGraphs(workspaceRoot, this.absent));
    const files = new Set<string>();
    for (let before = -1; entries.size > before;) {
      before = entries.size;
      const traced = [];
      for (const graph of graphs) traced.push(...(await graph.reach(entries, leftOut)));
      for (const file of new Set(traced)) {
        // A traced folder has files that no program loads.
        if ((await isProgram(file)) || !isForDevelopers(file)) files.add(file);
      }
      const thirdParty = [...files].filter((file) => isThirdParty(workspaceRoot, file));
      const own = await Promise.all(thirdParty.map((file) => this.ownFilesOf(file)));
      for (const file of own.flat()) {
        files.add(file);
        if (await isProgram(file)) entries.add(file);
      }
    }
    for (const file of await withSiblings(files)) files.add(file);
    for (const file of manifestsOf(files)) files.add(file);
    return [...files]
      .filter((file) => isThirdParty(workspaceRoot, file))
      .sort()
      .map((source) => shippedFile(workspaceRoot, source));
  }

  private ownFilesOf(file: string): Promise<readonly string[]> {
    const known = this.ownFiles.get(file);
    if (known) return known;
    const found = this.findOwnFiles(file);
    this.ownFiles.set(file, found);
    return found;
  }

  /** The files of its package that a file uses beside the modules that it requires. */
  private async findOwnFiles(file: string): Promise<readonly string[]> {
    const folder = packageFolder(file);
    const isAsked = this.plan.asFiles[nameOfFolder(folder)];
    if (!(await isProgram(file))) return [];
    const source = await readFile(file, 'utf8');
    const { paths, isPassedOn } = findOwnFiles(source);
    if (isPassedOn || isAsked) {
      const all = (await filesOf(folder)).filter((each) => !isForDevelopers(each));
      const named = isAsked ? [] : namedIn(source, all);
      return named.length > 0 ? named : all;
    }
    const found = await Promise.all(
      paths.map((each) => filesAt(path.join(path.dirname(file), each), folder)),
    );
    return found.flat().filter((each) => !isForDevelopers(each));
  }
}

async function createGraphs(
  workspaceRoot: string,
  absent: DevelopmentOptionals,
): Promise<readonly ModuleGraph[]> {
  // Most services ship no package as files.
  const { ModuleGraph } = await import('./module-graph');
  const cache = {};
  // Since Node 20.19, the second condition is before "require".
  const conditions = [['node'], ['node', 'module-sync']];
  const isAbsent = absent.has.bind(absent);
  return conditions.map((each) => new ModuleGraph(workspaceRoot, each, cache, isAbsent));
}

/** The data files that code names, as code of Emscripten names its WebAssembly file and passes on the folder of it. */
function namedIn(source: string, files: readonly string[]): readonly string[] {
  const data = files.filter(isData);
  if (data.length === 0) return [];
  const names = new Set([...stringsOf(source)].map((text) => path.posix.basename(text)));
  return data.filter((file) => names.has(path.basename(file)));
}

/** The files at a path whose end may be unknown. */
async function filesAt(place: string, folder: string): Promise<readonly string[]> {
  if (packageFolder(place) !== folder) return [];
  const found = await stat(place).catch(() => undefined);
  if (found?.isFile()) return [place];
  const start = found ? place : path.dirname(place);
  const all = await filesOf(folder);
  return all.filter((file) => file.startsWith(start + path.sep));
}

/** Whether a file has code: a module, or a script without an extension such as `bin/esbuild`. */
async function isProgram(file: string): Promise<boolean> {
  if (/\.[cm]?js$/.test(file)) return true;
  if (path.extname(file) !== '' || !(await stat(file)).isFile()) return false;
  return /^#!.*\bnode\b/.test((await readFile(file, 'utf8')).slice(0, 100));
}

const isData = (file: string) =>
  !/\.([cm]?js|json|node)$|(^|[\\/])[^.]+$/.test(file) && !isForDevelopers(file);

/** A data file may name others beside it, as a font names its images. */
async function withSiblings(files: ReadonlySet<string>): Promise<readonly string[]> {
  const folders = new Set([...files].filter(isData).map((file) => path.dirname(file)));
  const siblings = await Promise.all(
    [...folders].map(async (folder) => {
      const entries = await readdir(folder, { withFileTypes: true });
      const names = entries.filter((each) => each.isFile()).map(({ name }) => name);
      return names.map((name) => path.join(folder, name)).filter(isData);
    }),
  );
  return siblings.flat();
}

/** Node reads the type and the entry module of a package there; a folder in it may have one too. */
function manifestsOf(files: ReadonlySet<string>): ReadonlySet<string> {
  const manifests = new Set<string>();
  for (const file of files) {
    const { length } = packageFolder(file);
    for (let at = path.dirname(file); at.length >= length; at = path.dirname(at)) {
      const manifest = path.join(at, 'package.json');
      if (existsSync(manifest)) manifests.add(manifest);
    }
  }
  return manifests;
}

/** Files for people and compilers, and tests and examples that a package publishes. */
function isForDevelopers(file: string): boolean {
  const inPackage = file.slice(packageFolder(file).length);
  return (
    /\.(md|markdown|map|flow|tsbuildinfo)$/i.test(file) ||
    isTypes(file) ||
    /[\\/](__tests__|__mocks__|__snapshots__|tests?|specs?|examples?|bench(marks?)?)[\\/]/.test(
      inPackage,
    ) ||
    /\.(test|spec)\.[cm]?js$/.test(file)
  );
}

/** Sources, and declarations of a module beside them. Other declarations are data, like the libraries of a compiler. */
function isTypes(file: string): boolean {
  const declared = /^(.*)\.d\.[cm]?ts$/.exec(file)?.[1];
  if (declared === undefined) return /\.[cm]?tsx?$/i.test(file);
  return ['.js', '.cjs', '.mjs', '.json', ''].some((end) => existsSync(declared + end));
}
