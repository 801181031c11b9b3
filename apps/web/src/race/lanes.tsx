import { type Round } from '@typerush/contracts';
import { type RefObject, useEffect, useRef } from 'react';
import { type RaceRoom } from './race-room';
import { type RaceView } from './race-view';
import { laneLength } from './lane-motion';

interface LanesProps {
  readonly room: RaceRoom;
  readonly view: RaceView;
  readonly round: Round;
}

/** Where everybody is in the text. */
export function Lanes({ room, view, round }: LanesProps) {
  const lanes = useRef<HTMLOListElement>(null);
  useLaneMotion(lanes, room, round);
  const nameOf = (id: string) =>
    view.room?.players.find(({ playerId }) => playerId === id)?.name ?? 'left';
  return (
    <ol className="lanes" aria-label="Lanes" ref={lanes}>
      {round.roster.map((id) => {
        const finishedMs = view.finished[id];
        const isMine = id === room.session.playerId;
        return (
          <li key={id} className={isMine ? 'mine' : undefined}>
            <span className="lane-name">
              <bdi>{nameOf(id)}</bdi>
              {isMine && <span className="you"> you</span>}
            </span>
            <span
              className="lane"
              role="progressbar"
              aria-label={`Progress of ${nameOf(id)}`}
              aria-valuenow={0}
            >
              <span className="bar" />
            </span>
            <span className="lane-time">
              {finishedMs !== undefined && `${(finishedMs / 1_000).toFixed(2)} s`}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

const stillness = matchMedia('(prefers-reduced-motion: reduce)');
const SECOND_MS = 1_000;

/** Draws without React, in each frame; once a second for those who want no motion, and for screen readers. */
function useLaneMotion(
  lanes: RefObject<HTMLOListElement | null>,
  room: RaceRoom,
  round: Round,
): void {
  useEffect(() => {
    const length = laneLength(round, room.words);
    let frame = 0;
    let shownAt = -Infinity;
    const draw = (now: number) => {
      frame = requestAnimationFrame(draw);
      const isDue = now - shownAt >= SECOND_MS;
      if (isDue) shownAt = now;
      if (stillness.matches && !isDue) return;
      room.lanes.forEach((lane, index) => {
        const element = lanes.current?.children[index]?.querySelector<HTMLElement>('.lane');
        const bar = element?.firstElementChild as HTMLElement | null | undefined;
        const position = stillness.matches ? lane.position : lane.at(performance.now());
        const share = Math.min(1, position / length);
        if (bar) bar.style.transform = `scaleX(${share})`;
        if (isDue) element?.setAttribute('aria-valuenow', String(Math.round(share * 100)));
      });
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [lanes, room, round]);
}
