import fc from 'fast-check';
import { parseFormParameters, type QueryValue } from './form-parameters';

/** The protocol's own way round: what a client does to a structure. */
function encode(value: QueryValue, prefix: string): [string, string][] {
  if (typeof value === 'string') return [[prefix, value]];
  if (Array.isArray(value)) {
    return value.length === 0
      ? [[prefix, '']]
      : value.flatMap((item, index) => encode(item, `${prefix}.member.${index + 1}`));
  }
  return Object.entries(value).flatMap(([key, child]) => encode(child, `${prefix}.${key}`));
}

describe('form parameters', () => {
  it('fold dotted keys into lists and structures', () => {
    const body =
      'Action=CreateStack&Tags.member.1.Key=a&Tags.member.1.Value=b%20c&Capabilities.member.1=X&Filters.FailedEvents=true';
    expect(parseFormParameters(body)).toEqual({
      Action: 'CreateStack',
      Tags: [{ Key: 'a', Value: 'b c' }],
      Capabilities: ['X'],
      Filters: { FailedEvents: 'true' },
    });
  });

  it('order list members by their number', () => {
    expect(parseFormParameters('L.member.10=c&L.member.2=b&L.member.1=a')).toEqual({
      L: ['a', 'b', 'c'],
    });
  });

  it('give an empty text for an empty list, as the protocol writes it', () => {
    expect(parseFormParameters('Tags=')).toEqual({ Tags: '' });
  });

  it('refuse a key that is nested without end', () => {
    expect(() => parseFormParameters(`a${'.b'.repeat(20)}=1`)).toThrow('nested more than');
  });

  it('do not touch prototypes', () => {
    parseFormParameters('__proto__.polluted=1&a.constructor.prototype.polluted=1');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('come back as what a client encoded', () => {
    const name = fc.constantFrom('Key', 'Value', 'Name', 'Items');
    const { structure } = fc.letrec<{ structure: Record<string, QueryValue>; value: QueryValue }>(
      (tie) => ({
        value: fc.oneof(
          { maxDepth: 3 },
          fc.string({ unit: 'grapheme' }),
          fc.array(tie('value'), { minLength: 1, maxLength: 12 }),
          tie('structure'),
        ),
        structure: fc.dictionary(name, tie('value'), { minKeys: 1, maxKeys: 3 }),
      }),
    );
    fc.assert(
      fc.property(structure, (input) => {
        const pairs = Object.entries(input).flatMap(([key, value]) => encode(value, key));
        expect(parseFormParameters(new URLSearchParams(pairs).toString())).toEqual(input);
      }),
    );
  });
});
