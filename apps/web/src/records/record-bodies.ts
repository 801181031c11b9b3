import {
  type HistoryPage,
  type LeaderboardPage,
  type PersonalBests,
  type Profile,
  type Records,
} from '@typerush/contracts';

/**
 * Whether a body can be shown. The contracts' schemas are too large for the page: this checks what would otherwise break it.
 */
type Body = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Body => typeof value === 'object' && value !== null;
const all = (value: unknown, test: (one: Body) => boolean) =>
  Array.isArray(value) && value.every((one) => isObject(one) && test(one));
const isCursor = (value: unknown) => value === null || typeof value === 'string';
const hasPlayer = ({ playerId, name }: Body) =>
  typeof playerId === 'string' && typeof name === 'string';
const hasFigures = ({ wpm, raw, accuracy, consistency }: Body) =>
  [wpm, raw, accuracy, consistency].every((figure) => Number.isFinite(figure));
const isEntry = (one: Body) => hasPlayer(one) && hasFigures(one) && Number.isFinite(one['rank']);

export function readLeaderboard(body: unknown): LeaderboardPage | undefined {
  const isReadable =
    isObject(body) &&
    all(body['entries'], isEntry) &&
    Number.isFinite(body['players']) &&
    isCursor(body['next']);
  return isReadable ? (body as unknown as LeaderboardPage) : undefined;
}

export function readRecords(body: unknown): Records | undefined {
  const isBoard = ({ board, players, record }: Body) =>
    typeof board === 'string' && Number.isFinite(players) && isObject(record) && isEntry(record);
  const isReadable = isObject(body) && all(body['modes'], ({ boards }) => all(boards, isBoard));
  return isReadable ? (body as unknown as Records) : undefined;
}

export function readProfile(body: unknown): Profile | undefined {
  const isReadable =
    isObject(body) &&
    hasPlayer(body) &&
    ['matches', 'ranked', 'wins', 'typedMs', 'keystrokes'].every((key) =>
      Number.isFinite(body[key]),
    ) &&
    (body['averages'] === null || (isObject(body['averages']) && hasFigures(body['averages'])));
  return isReadable ? (body as unknown as Profile) : undefined;
}

export function readBests(body: unknown): PersonalBests | undefined {
  const isBest = (one: Body) => typeof one['board'] === 'string' && hasFigures(one);
  const isReadable = isObject(body) && all(body['bests'], isBest);
  return isReadable ? (body as unknown as PersonalBests) : undefined;
}

export function readHistory(body: unknown): HistoryPage | undefined {
  const isPlayer = (one: Body) =>
    hasPlayer(one) && hasFigures(one) && Array.isArray(one['unranked']);
  const isMatch = ({ raceId, mode, passage, rules, finishedAt, players }: Body) =>
    [raceId, mode, finishedAt].every((text) => typeof text === 'string') &&
    isObject(passage) &&
    isObject(rules) &&
    all(players, isPlayer);
  const isReadable = isObject(body) && all(body['matches'], isMatch) && isCursor(body['next']);
  return isReadable ? (body as unknown as HistoryPage) : undefined;
}
