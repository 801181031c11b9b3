/** JSON with sorted keys: equal content gives equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    isObject(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A form that is equal for equivalent lifecycle policies: rules by priority, sorted lists, the default storage class. Text
 * that is not a policy is returned unchanged.
 */
export function lifecycleForm(text: string | undefined): unknown {
  const document = parse(text);
  if (!isObject(document) || !Array.isArray(document['rules'])) return document;
  const rules = document['rules'].filter(isObject).map(({ rulePriority, selection, ...rest }) => {
    const lists = Object.entries(isObject(selection) ? selection : {}).map(
      ([key, value]) => [key, Array.isArray(value) ? [...value].sort() : value] as const,
    );
    const form = { ...rest, selection: { storageClass: 'standard', ...Object.fromEntries(lists) } };
    return [String(rulePriority), form] as const;
  });
  return { ...document, rules: Object.fromEntries(rules) };
}

/**
 * A form that is equal for equivalent repository policies: statements by `Sid`, a single value as a list, sorted lists, an
 * account id as the ARN that IAM returns for it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function repositoryPolicyForm(policy: unknown): unknown {
  const document = typeof policy === 'string' ? parse(policy) : policy;
  if (!isObject(document)) return document;
  const statements = asList(document['Statement']).filter(isObject).map(statementForm);
  // `Version` is unchanged: another one means another grammar.
  return {
    ...document,
    Statement: Object.fromEntries(
      statements.map((statement) => [
        typeof statement['Sid'] === 'string' ? statement['Sid'] : canonical(statement),
        statement,
      ]),
    ),
  };
}

function statementForm(statement: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(statement).map(([key, value]) => {
      switch (key) {
        case 'Sid':
        case 'Effect':
          return [key, value];
        case 'Principal':
        case 'NotPrincipal':
          return [key, mapValues(value === '*' ? { AWS: '*' } : value, principals)];
        case 'Condition':
          return [key, mapValues(value, (operator) => mapValues(operator, texts))];
        default:
          return [key, texts(value)];
      }
    }),
  );
}

const mapValues = (value: unknown, form: (value: unknown) => unknown): unknown =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, form(each)]))
    : value;

const asList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

const texts = (value: unknown) => asList(value).map(String).sort();

const principals = (value: unknown) =>
  texts(value)
    .map((text) => (/^\d{12}$/.test(text) ? `arn:aws:iam::${text}:root` : text))
    .sort();

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
