/** What executors.json and generators.json name for each entry. */
export interface Collection {
  readonly executors?: Readonly<Record<string, Entry>>;
  readonly generators?: Readonly<Record<string, Entry>>;
}

type Entry = Readonly<Record<string, unknown>>;

/** The fields that name code. In the workspace `load.cjs` compiles it on the way; the package holds it compiled. */
const codeFields = ['implementation', 'hasher', 'factory'];

/** A file of code as a collection names it, without its ending: `src/executors/cdk/executor`. */
function sourceOf(name: string): string {
  return name.replace('/load.cjs#', '/src/').replace(/^\.\.?\//, '');
}

const entriesOf = ({ executors, generators }: Collection) =>
  Object.values({ ...executors, ...generators });

/** The TypeScript files that a collection names. */
export function entryPoints(collection: Collection): string[] {
  return entriesOf(collection).flatMap((entry) =>
    codeFields.flatMap((field) => {
      const name = entry[field];
      return typeof name === 'string' ? [`${sourceOf(name)}.ts`] : [];
    }),
  );
}

/** The collection, naming JavaScript. */
export function published(collection: Collection): Collection {
  const rewrite = (entries: Collection['executors']) =>
    entries &&
    Object.fromEntries(
      Object.entries(entries).map(([key, entry]) => [
        key,
        Object.fromEntries(
          Object.entries(entry).map(([field, value]) => [
            field,
            codeFields.includes(field) && typeof value === 'string'
              ? `${value.split('/')[0]}/${sourceOf(value)}.js`
              : value,
          ]),
        ),
      ]),
    );
  const { executors, generators, ...others } = collection;
  return {
    ...others,
    ...(executors && { executors: rewrite(executors) }),
    ...(generators && { generators: rewrite(generators) }),
  };
}
