import { compileExamples } from './compile-examples';
import { workspaceFiles } from './workspace-files';

const readmes = workspaceFiles(/^(libs\/[^/]+\/README|tools\/pack\/src\/readme\/[^/]+)\.md$/);

describe('examples in READMEs', () => {
  it('compile', () => {
    expect(compileExamples(readmes)).toEqual([]);
  }, 120_000);
});
