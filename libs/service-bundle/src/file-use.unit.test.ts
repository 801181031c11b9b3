import { literalsAmong } from './file-use';

describe('literalsAmong', () => {
  const names = ['ejs', '@scope/engine', 'pg'];

  it('finds the names that are whole strings, in any quotation marks', () => {
    const source = `app.set("view engine", "ejs"); load('@scope/engine'); load("pg-native");`;
    expect(literalsAmong(names, source)).toEqual(['ejs', '@scope/engine']);
  });

  it('ignores names in comments, templates and imports', () => {
    const source = `import x from "pg"; // load("ejs")\nconst text = \`load("@scope/engine")\`;`;
    expect(literalsAmong(names, source)).toEqual([]);
  });
});
