/** The content of executors.json or generators.json. */
export interface Collection {
  readonly executors?: Readonly<Record<string, Entry>>;
  readonly generators?: Readonly<Record<string, Entry>>;
}

type Entry = Readonly<Record<string, unknown>>;

/** The fields with the path of a compiled file: `./dist/targets/cdk/executor`. */
const codeFields = ['implementation', 'hasher', 'factory'];

/** The TypeScript files of a collection, relative to the package: `src/targets/cdk/executor.ts`. */
export function entryPoints({ executors, generators }: Collection): string[] {
  return Object.values({ ...executors, ...generators }).flatMap((entry) =>
    codeFields.flatMap((field) => {
      const name = entry[field];
      return typeof name === 'string' ? [`${name.replace(/^\.\/dist\//, 'src/')}.ts`] : [];
    }),
  );
}
