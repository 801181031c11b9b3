import fc from 'fast-check';
import { z } from 'zod';

/** The part of JSON Schema that the contracts use; another one is an error, so that none is left out silently. */
interface Node {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  oneOf?: Node[];
  anyOf?: Node[];
  properties?: Record<string, Node>;
  required?: string[];
  items?: Node | false;
  prefixItems?: Node[];
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
}

/** A value that a stranger might put where another one is expected. */
export const poison: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.integer(),
  fc.double(),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '',
    ' ',
    '\u202e',
    '\u0000',
    '😀',
    '<script>',
    'x'.repeat(10_000),
    '0'.repeat(32),
    2,
    70,
    50_000,
    2 ** 53,
    -1,
    0,
    1e308,
    true,
    [],
    {},
    null,
  ),
);

/** Values that fit in place of those of a schema, by the name of the property. */
type Known = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/**
 * Payloads made from a schema. Most of them differ from what it allows in one place; the others fit it, to reach what is
 * behind the schema.
 *
 * @param known values without which a payload that fits would be refused at once, such as the id of the running race
 */
export function hostilePayload(schema: z.ZodType, known: Known = {}): fc.Arbitrary<unknown> {
  const node = z.toJSONSchema(schema, { io: 'input' }) as Node;
  return fc.oneof(
    { arbitrary: hostile(node, known), weight: 3 },
    { arbitrary: fitting(node, known), weight: 1 },
  );
}

function hostile(node: Node, known: Known): fc.Arbitrary<unknown> {
  const here = fc.oneof(nearMiss(node, known), poison);
  const inside = hostileInside(node, known);
  if (inside.length === 0) return here;
  return fc.oneof(here, ...inside.map((arbitrary) => ({ arbitrary, weight: 3 })));
}

/** One hostile part among parts that fit. */
function hostileInside(node: Node, known: Known): fc.Arbitrary<unknown>[] {
  const choices = node.oneOf ?? node.anyOf;
  if (choices) return choices.map((choice) => hostile(choice, known));
  if (node.type === 'object') {
    return Object.entries(node.properties ?? {}).map(([name, property]) =>
      fc
        .tuple(fitting(node, known), hostile(property, known))
        .map(([object, value]) => ({ ...(object as object), [name]: value })),
    );
  }
  if (node.type === 'array') {
    const items = node.prefixItems ?? (node.items ? [node.items] : []);
    return items.map((item, at) =>
      fc
        .tuple(fitting(node, known), hostile(item, known))
        .map(([list, value]) => Object.assign([...(list as unknown[])], { [at]: value })),
    );
  }
  return [];
}

function fitting(node: Node, known: Known): fc.Arbitrary<unknown> {
  const choices = node.oneOf ?? node.anyOf;
  if (choices) return fc.oneof(...choices.map((choice) => fitting(choice, known)));
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum) return fc.constantFrom(...node.enum);
  const { minimum = 0, maximum = 1_000_000 } = node;
  switch (node.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(node.properties ?? {}).map(([name, property]) => [
            name,
            known[name] ?? fitting(property, known),
          ]),
        ),
        { requiredKeys: node.required ?? [] },
      );
    case 'array':
      if (node.prefixItems)
        return fc.tuple(...node.prefixItems.map((item) => fitting(item, known)));
      if (!node.items) break;
      return fc.array(fitting(node.items, known), {
        minLength: node.minItems ?? 0,
        maxLength: node.maxItems ?? 20,
      });
    case 'string':
      if (node.pattern) return fc.stringMatching(new RegExp(node.pattern));
      return fc.string({ minLength: node.minLength ?? 0, maxLength: node.maxLength ?? 40 });
    case 'integer':
      return fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 31 - 1) });
    case 'number':
      return fc.double({ min: minimum, max: maximum, noNaN: true });
    case 'boolean':
      return fc.boolean();
  }
  throw new Error(`no values for the schema ${JSON.stringify(node)}`);
}

/** Just outside of what a schema allows. */
function nearMiss(node: Node, known: Known): fc.Arbitrary<unknown> {
  const choices = node.oneOf ?? node.anyOf;
  if (choices) return fc.oneof(...choices.map((choice) => nearMiss(choice, known)));
  const fits = fitting(node, known);
  const { minimum, maximum, maxItems, maxLength } = node;
  if (node.type === 'object') return fc.oneof(withExtraField(fits), withoutOneField(fits));
  if (node.type === 'array') {
    const repeated = fits.map((list) =>
      Array.from({ length: (maxItems ?? 0) + 1 }, () => (list as unknown[])[0]),
    );
    return fc.oneof(
      repeated,
      fc.constant([]),
      fits.map((list) => ({ ...(list as unknown[]) })),
    );
  }
  if (node.type === 'integer' || node.type === 'number') {
    const around = [...below(minimum), ...above(maximum), Number.NaN, -0.5, 1e-7];
    return fc.oneof(
      fc.constantFrom(...around),
      fits.map(String),
      fits.map((value) => [value]),
    );
  }
  if (node.type === 'boolean') return fc.constantFrom(0, 1, 'true', 'false', [true], null);
  return fits.chain((value) =>
    fc.constantFrom(
      `${value as string} `,
      `${value as string}\n`,
      `\u202e${value as string}`,
      `${value as string}`.repeat((maxLength ?? 40) + 1),
      `${value as string}`.toLowerCase(),
      `${value as string}`.slice(1),
      [value],
    ),
  );
}

const below = (minimum?: number) => (minimum === undefined ? [] : [minimum - 1, -minimum - 1]);
const above = (maximum?: number) => (maximum === undefined ? [] : [maximum + 1, maximum * 2]);

function withExtraField(object: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const name = fc.constantFrom('__proto__', 'constructor', 'admin', 'playerId', 'wpm');
  return fc.tuple(object, name, poison).map(([fields, key, value]) =>
    Object.defineProperty({ ...(fields as object) }, key, {
      value,
      enumerable: true,
      configurable: true,
    }),
  );
}

function withoutOneField(object: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(object, fc.nat(20)).map(([fields, at]) => {
    const entries = Object.entries(fields as object);
    return Object.fromEntries(entries.filter((_, index) => index !== at % entries.length));
  });
}
