import { BlockList, isIP } from 'node:net';
import { type IamPattern, lowerCased, matchesIamPattern } from './iam-pattern';

/** Whether a value of the request fits one of a policy; `text` is the policy's value, `pattern` the same with its wildcards. */
type Comparison = (value: string, text: string, pattern: IamPattern) => boolean;

export interface Comparator {
  readonly compare: Comparison;
  readonly negated: boolean;
  /** Why a value of a policy cannot be compared; undefined if it can. */
  readonly problem: (text: string) => string | undefined;
  /** Whether policy variables are replaced in its values. */
  readonly variables: boolean;
}

const anyText = () => undefined;
const text = (compare: Comparison, negated = false): Comparator => ({
  compare,
  negated,
  problem: anyText,
  variables: true,
});

const equals: Comparison = (value, wanted) => value === wanted;
const equalsIgnoringCase: Comparison = (value, wanted) =>
  value.toLowerCase() === wanted.toLowerCase();
const like: Comparison = (value, _text, pattern) => matchesIamPattern(pattern, value);

/** Each of the six parts of an ARN is compared by itself, so that no wildcard reaches beyond its part. */
const arnLike: Comparison = (value, _text, pattern) => {
  const parts = arnParts([...value]);
  const wanted = arnParts(pattern);
  return (
    parts.length === wanted.length &&
    wanted.every((part, index) => matchesIamPattern(part, (parts[index] ?? []).join('')))
  );
};

function arnParts<T>(characters: readonly T[]): T[][] {
  const parts: T[][] = [[]];
  for (const character of characters) {
    if (character === ':' && parts.length < 6) parts.push([]);
    else parts.at(-1)?.push(character);
  }
  return parts;
}

const ordered = (
  read: (text: string) => number | undefined,
  holds: (value: number, wanted: number) => boolean,
  expected: string,
  negated = false,
): Comparator => ({
  compare: (value, wanted) => {
    const [a, b] = [read(value), read(wanted)];
    return a !== undefined && b !== undefined && holds(a, b);
  },
  negated,
  problem: (wanted) => (read(wanted) === undefined ? `expected ${expected}` : undefined),
  variables: false,
});

const readNumber = (given: string) =>
  /^[+-]?\d{1,300}(\.\d{1,300})?$/.test(given) ? Number(given) : undefined;

/** ISO 8601, or seconds since 1970. */
function readDate(given: string): number | undefined {
  if (/^\d{1,12}$/.test(given)) return Number(given) * 1000;
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/.test(given))
    return undefined;
  const time = Date.parse(given);
  return Number.isNaN(time) ? undefined : time;
}

const orders = {
  Equals: (a: number, b: number) => a === b,
  LessThan: (a: number, b: number) => a < b,
  LessThanEquals: (a: number, b: number) => a <= b,
  GreaterThan: (a: number, b: number) => a > b,
  GreaterThanEquals: (a: number, b: number) => a >= b,
};

function orderedComparators(
  prefix: string,
  read: (text: string) => number | undefined,
  expected: string,
) {
  const positive = Object.entries(orders).map(
    ([name, holds]) => [prefix + name, ordered(read, holds, expected)] as const,
  );
  return [
    ...positive,
    [`${prefix}NotEquals`, ordered(read, orders.Equals, expected, true)] as const,
  ];
}

interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

function readNetwork(given: string): Network | undefined {
  const [, address = '', length] = /^([0-9a-fA-F.:]{2,45})(?:\/(\d{1,3}))?$/.exec(given) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const most = version === 4 ? 32 : 128;
  const bits = length === undefined ? most : Number(length);
  return bits > most ? undefined : { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' };
}

const inNetwork: Comparison = (value, wanted) => {
  const network = readNetwork(wanted);
  const version = isIP(value);
  if (!network || version === 0) return false;
  const list = new BlockList();
  list.addSubnet(network.address, network.bits, network.family);
  return list.check(value, version === 4 ? 'ipv4' : 'ipv6');
};

const network = (negated: boolean): Comparator => ({
  compare: inNetwork,
  negated,
  problem: (given) =>
    readNetwork(given) ? undefined : 'expected an address or a range such as 10.0.0.0/8',
  variables: false,
});

const oneOf = (compare: Comparison, values: readonly string[]): Comparator => ({
  compare,
  negated: false,
  problem: (given) =>
    values.includes(given.toLowerCase()) ? undefined : `expected ${values.join(' or ')}`,
  variables: false,
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
export const comparators: ReadonlyMap<string, Comparator> = new Map<string, Comparator>([
  ['StringEquals', text(equals)],
  ['StringNotEquals', text(equals, true)],
  ['StringEqualsIgnoreCase', text(equalsIgnoringCase)],
  ['StringNotEqualsIgnoreCase', text(equalsIgnoringCase, true)],
  ['StringLike', text(like)],
  ['StringNotLike', text(like, true)],
  ['ArnEquals', text(arnLike)],
  ['ArnLike', text(arnLike)],
  ['ArnNotEquals', text(arnLike, true)],
  ['ArnNotLike', text(arnLike, true)],
  ['Bool', oneOf(equalsIgnoringCase, ['true', 'false'])],
  ['IpAddress', network(false)],
  ['NotIpAddress', network(true)],
  ...orderedComparators('Numeric', readNumber, 'a number'),
  ...orderedComparators('Date', readDate, 'a date such as 2027-01-31T12:00:00Z'),
]);

/** Actions do not distinguish upper and lower case. */
export const matchesIgnoringCase = (pattern: IamPattern, value: string): boolean =>
  matchesIamPattern(lowerCased(pattern), value.toLowerCase());
