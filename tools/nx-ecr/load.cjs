// Where executors and hashers come from: `executors.json` names them as `../load.cjs#<file below src>`.
//
// Nx would transpile the TypeScript sources of this plugin anew in each of its processes, and load the compiler for it: half a
// second, twice a run. Here each entry is bundled once by esbuild, kept in node_modules/.cache, and bundled again as soon as one
// of its sources differs. Nobody has to build anything first.
//
// `executors.json` is in a folder with `node_modules` in its name: what any other folder of a workspace names, Nx looks for by the
// conditions of tsconfig.base.json, and loads TypeScript to read them: 150 ms in Nx and again in the process of each task.
'use strict';

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const sources = path.join(__dirname, 'src');
const cache = path.join(__dirname, '../../node_modules/.cache/typerush-nx-ecr');
/** Left to the run time: native code, what is found by name, what Nx has loaded already, and what few runs need. */
const external = ['esbuild', 'nx', '@nx/*', '@cyclonedx/*', '@secretlint/*', '@sigstore/*'];

/** One line before the code: what it was made of. */
function read(file) {
  const text = fs.readFileSync(file, 'utf8');
  const end = text.indexOf('\n');
  return { inputs: JSON.parse(text.slice(2, end)), text };
}

const stateOf = (file) => {
  const { mtimeMs, size } = fs.statSync(file);
  return `${mtimeMs} ${size}`;
};

function fresh(file) {
  try {
    const { inputs, text } = read(file);
    return Object.entries(inputs).every(([input, state]) => stateOf(input) === state) && text;
  } catch {
    // Not there, damaged, or one of its sources is gone.
    return false;
  }
}

function compileSources(entry, outside) {
  const { buildSync } = require('esbuild');
  try {
    return buildSync({
      absWorkingDir: __dirname,
      entryPoints: [path.join(sources, `${entry}.ts`)],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      external: outside,
      // Stack traces name the sources.
      keepNames: true,
      logLevel: 'silent',
    });
  } catch (error) {
    // What a package would like to have and can do without.
    const missing = (error.errors ?? []).map(
      ({ text }) => /^Could not resolve "([^"./][^"]*)"$/.exec(text)?.[1],
    );
    const optional = missing.filter((name) => name && !outside.includes(name));
    if (optional.length === 0) throw error;
    return compileSources(entry, [...outside, ...optional]);
  }
}

function bundle(entry, file) {
  const { outputFiles, metafile } = compileSources(entry, external);
  const inputs = Object.keys(metafile.inputs).map((input) => path.resolve(__dirname, input));
  const own = inputs.filter((input) => !input.includes(`${path.sep}node_modules${path.sep}`));
  const states = own.concat(__filename, lockOfModules()).map((input) => [input, stateOf(input)]);
  const text = `//${JSON.stringify(Object.fromEntries(states))}\n${outputFiles[0].text}`;
  keep(file, text, removeStale);
  return text;
}

/** Removes what V8 kept of the bundle that stood here. */
function removeStale(file) {
  const start = `${path.basename(file)}.`;
  const names = fs.readdirSync(cache).filter((name) => name.startsWith(start));
  for (const name of names) {
    if (name.endsWith('.v8')) fs.rmSync(path.join(cache, name), { force: true });
  }
}

/** Changes with every installation. */
const lockOfModules = () =>
  [path.join(__dirname, '../../node_modules/.package-lock.json')].filter((file) =>
    fs.existsSync(file),
  );

/** For the next process; where nothing can be written, each one bundles for itself. */
function keep(file, content, tidy = () => undefined) {
  const draft = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    tidy(file);
    fs.writeFileSync(draft, content);
    fs.renameSync(draft, file);
  } catch {
    if (fs.existsSync(draft)) fs.rmSync(draft, { force: true });
  }
}

/** Compiles with what V8 has kept of an earlier process; V8 itself notices data of another version of Node. */
function compile(text, name, file) {
  // V8 tells a source by its length alone: the name says which one it is.
  const kept = `${file}.${hashOf(text.slice(0, text.indexOf('\n')))}.v8`;
  const cachedData = fs.existsSync(kept) ? fs.readFileSync(kept) : undefined;
  const script = new vm.Script(Module.wrap(text), {
    filename: name,
    cachedData,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (!cachedData || script.cachedDataRejected) {
    // At the end, when it is known which functions are needed.
    process.once('exit', () => keep(kept, script.createCachedData()));
  }
  return script.runInThisContext();
}

const hashOf = (text) => createHash('sha256').update(text).digest('hex').slice(0, 12);

const loaded = new Map();

function load(entry) {
  if (loaded.has(entry)) return loaded.get(entry).exports;
  const file = path.join(
    cache,
    `${entry.replaceAll('/', '-')}-${hashOf(`${__dirname}:${entry}`)}.cjs`,
  );
  const text = fresh(file) || bundle(entry, file);
  // As if it stood beside its source, so that it finds the packages that the source finds.
  const name = path.join(sources, `${entry}.cjs`);
  const module = new Module(name, require.main);
  module.filename = name;
  const requireThere = Module.createRequire(name);
  compile(text, name, file)(module.exports, requireThere, module, name, path.dirname(name));
  loaded.set(entry, module);
  return module.exports;
}

module.exports = new Proxy(
  {},
  { get: (_, entry) => (typeof entry === 'string' ? load(entry).default : undefined) },
);
