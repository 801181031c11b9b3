import { type LeaderboardEntry } from '@typerush/contracts';
import { Link } from 'wouter';
import { useRead } from '../app/use-read';
import { addressOf, type LeaderboardChoice, pathOf } from './leaderboard-address';
import { readLeaderboard } from './record-bodies';

interface OwnPlaceProps {
  readonly choice: LeaderboardChoice;
  readonly me: string | undefined;
  /** Those that are shown. */
  readonly entries: readonly LeaderboardEntry[];
}

/** Where the reader is on a leaderboard whose shown part does not have them. */
export function OwnPlace({ choice, me, entries }: OwnPlaceProps) {
  const isShown = me === undefined || entries.some(({ playerId }) => playerId === me);
  const own = { ...choice, around: me };
  const { value } = useRead(isShown ? undefined : pathOf(own, 1), readLeaderboard);
  const [entry] = value?.entries ?? [];
  if (isShown || !value || !entry) return null;
  return (
    <p className="own-place">
      You are number <strong>{entry.rank}</strong> of {value.players} with{' '}
      <strong>{entry.wpm.toFixed(2)} wpm</strong>. <Link href={addressOf(own)}>Show my place</Link>
    </p>
  );
}
