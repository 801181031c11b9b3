import { findPlaceUse } from './own-place';
import { parseModule } from './syntax';

const use = (source: string) => {
  const program = parseModule(source);
  if (!program) throw new Error(`Not JavaScript: ${source}`);
  return findPlaceUse(program);
};

describe('what a module does with its own path', () => {
  it.each([
    ['join', `read(path.join(__dirname, 'data.txt'))`],
    ['resolve with several parts', `read(path.resolve(__dirname, '..', 'data.txt'))`],
    ['a sum', `read(__dirname + '/data.txt')`],
    ['a template', 'read(`${__dirname}/data.txt`)'],
    ['a URL', `read(new URL('./data.txt', import.meta.url))`],
    [
      'a variable of an ES module',
      `const here = dirname(fileURLToPath(import.meta.url)); read(join(here, 'data.txt'))`,
    ],
    [
      'a variable that is defined after its use',
      `function load() { return read(join(root, 'data.txt')); } const root = join(__dirname, '..');`,
    ],
  ])('has the whole path of a file by %s', (_title, source) => {
    const { paths, isPassedOn } = use(source);
    expect(isPassedOn).toBe(false);
    expect(paths).toEqual([expect.stringMatching(/data\.txt$/)]);
  });

  it.each([
    ['join', `read(path.join(__dirname, 'locales', name))`],
    ['a sum', `read(__dirname + '/locales/' + name)`],
    ['a template', 'read(`${__dirname}/locales/${name}.json`)'],
  ])('has a folder, in which it chooses a file, by %s', (_title, source) => {
    const { paths, isPassedOn } = use(source);
    expect(isPassedOn).toBe(false);
    expect(paths).toEqual([expect.stringMatching(/^\/?locales\/?$/)]);
  });

  it.each([
    ['an export', `exports.folder = __dirname;`],
    ['an exported variable', `export const here = dirname(fileURLToPath(import.meta.url));`],
    ['a call', `serve(__dirname)`],
    ['a file of an unknown name', `read(path.join(__dirname, name))`],
    ['a file of an unknown name above it', `read(path.join(__dirname, '..', name))`],
    ['a result', `function folder() { return require('path').resolve(__dirname); }`],
  ])('is passed on by %s', (_title, source) => {
    expect(use(source).isPassedOn).toBe(true);
  });

  it.each([
    ['a test of whether it exists', `typeof __dirname === 'string'`],
    ['a comparison with the program', `if (process.argv[1] === __filename) main();`],
    ['a worker of the module itself', `new Worker(__filename)`],
    ['the place to require packages from', `createRequire(import.meta.url)('a')`],
    ['a property of the same name', `settings.__dirname = 1; const o = { __filename: 1 };`],
    ['a parameter of the same name', `(function (__dirname) {})()`],
  ])('is not passed on by %s', (_title, source) => {
    expect(use(source)).toEqual({ paths: [], isPassedOn: false });
  });
});
