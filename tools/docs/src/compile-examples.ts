import path from 'node:path';
import ts from 'typescript';
import { examples } from './markdown';
import { readFile, workspaceRoot } from './workspace-files';

/** The problems that TypeScript finds in the examples of these Markdown files. */
export function compileExamples(files: readonly string[]): readonly string[] {
  const sources = new Map(
    files.flatMap((file) =>
      examples(readFile(file)).map((text, index) => [exampleFile(file, index), text] as const),
    ),
  );
  const options = compilerOptions();
  const program = ts.createProgram([...sources.keys()], options, hostWith(sources, options));
  return [...sources.keys()].flatMap((name) => {
    const source = program.getSourceFile(name);
    return [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ].map(({ messageText, start = 0 }) => {
      const line = source ? source.getLineAndCharacterOfPosition(start).line + 1 : 0;
      const message = ts.flattenDiagnosticMessageText(messageText, '\n');
      return `${path.relative(workspaceRoot, name)}:${line}: ${message}`;
    });
  });
}

/** Beside the file, so that imports resolve as they do for its package. */
const exampleFile = (file: string, index: number): string =>
  path.join(workspaceRoot, path.dirname(file), `${path.basename(file)}.example-${index + 1}.ts`);

function compilerOptions(): ts.CompilerOptions {
  const file = path.join(workspaceRoot, 'tsconfig.base.json');
  const { config } = ts.readConfigFile(file, ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, files: [] },
    ts.sys,
    workspaceRoot,
  );
  return {
    ...options,
    composite: false,
    emitDeclarationOnly: false,
    declarationMap: false,
    noEmit: true,
    noUnusedLocals: false,
  };
}

function hostWith(
  sources: ReadonlyMap<string, string>,
  options: ts.CompilerOptions,
): ts.CompilerHost {
  const host = ts.createCompilerHost(options, true);
  return {
    ...host,
    fileExists: (name) => sources.has(name) || host.fileExists(name),
    readFile: (name) => sources.get(name) ?? host.readFile(name),
    getSourceFile: (name, version, ...rest) => {
      const text = sources.get(name);
      return text === undefined
        ? host.getSourceFile(name, version, ...rest)
        : ts.createSourceFile(name, text, version, true);
    },
  };
}
