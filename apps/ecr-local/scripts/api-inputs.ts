/** A document of botocore: https://github.com/boto/botocore/blob/develop/docs/source/development/designnotes.rst */
interface ApiModel {
  readonly operations: Readonly<Record<string, { readonly input?: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, Record<string, unknown>>>;
}

interface Reference {
  readonly shape: string;
}

/** What the API takes: the operations with their inputs, and the shapes of those. */
export function apiInputs({ operations, shapes }: ApiModel) {
  const used = new Set<string>();
  const use = ({ shape: name }: Reference): void => {
    if (used.has(name)) return;
    used.add(name);
    const {
      members = {},
      member,
      key,
      value,
    } = shapes[name] as {
      members?: Record<string, Reference>;
      member?: Reference;
      key?: Reference;
      value?: Reference;
    };
    const parts = [...Object.values(members), member, key, value];
    for (const part of parts) if (part) use(part);
  };
  for (const { input } of Object.values(operations)) if (input) use(input);
  return {
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, { input }]) => [name, input?.shape ?? '']),
    ),
    shapes: Object.fromEntries(
      [...used].sort().map((name) => [
        name,
        // Whatever else a shape has is for documentation and for errors.
        Object.fromEntries(
          Object.entries(shapes[name] ?? {}).filter(([field]) => fields.has(field)),
        ),
      ]),
    ),
  };
}

const fields = new Set('type members required member key value enum min max pattern'.split(' '));
