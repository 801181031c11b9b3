import Ajv from 'ajv/dist/2020';
import fc from 'fast-check';
import { sampleAdvisory } from '../../test/sample-advisory';
import examplesOfSpecification from '../../test/fixtures/osv-examples.json';
import schema from '../../test/fixtures/osv-schema.json';
import { parseAdvisory } from './osv';

// Formats are those of dates and addresses, which are only shown.
const isValid = new Ajv({ strict: false, validateFormats: false }).compile(schema);

const sample = sampleAdvisory({
  id: 'CVE-2026-0001',
  ecosystem: 'Debian:12',
  package: 'openssl',
  further: {
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  },
});

/** Values that may take the place of any value. */
const replacement = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, [], {}, '', '0', 7, true),
  fc.jsonValue({ maxDepth: 2 }),
);

/** The paths of all values in a JSON value. */
const pathsIn = (value: unknown, path: readonly string[] = []): (readonly string[])[] => [
  ...(path.length > 0 ? [path] : []),
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))
    : []),
];

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string,
    unknown
  >;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

describe('parseAdvisory', () => {
  it.each(examplesOfSpecification.examples.map((example) => [example.id, example] as const))(
    'reads the example %s of the specification',
    (id, example) => {
      expect(parseAdvisory(example)).toMatchObject({ advisory: { id } });
    },
  );

  it('reads what the JSON schema of OSV permits', () => {
    expect(isValid(sample)).toBe(true);
    const paths = pathsIn(sample);
    let permitted = 0;
    fc.assert(
      fc.property(fc.constantFrom(...paths), replacement, (path, by) => {
        const changed: unknown = JSON.parse(JSON.stringify(replaced(sample, path, by)));
        if (!isValid(changed)) return;
        permitted += 1;
        expect(parseAdvisory(changed)).toHaveProperty('advisory');
      }),
      { numRuns: 3_000 },
    );
    expect(permitted).toBeGreaterThan(100);
  });

  it.each([
    ['no id', { ...sample, id: undefined }, 'id'],
    ['an id that is not text', { ...sample, id: 7 }, 'id'],
    ['ranges that are not a list', replaced(sample, ['affected', '0', 'ranges'], 'x'), 'ranges'],
    ['a text', 'CVE-2026-0001', 'the content'],
    ['null', null, 'the content'],
  ])('names the field that is not valid: %s', (_, content, field) => {
    expect(parseAdvisory(content)).toEqual({ problem: expect.stringContaining(field) });
  });
});
