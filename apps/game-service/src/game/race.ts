import {
  type Aborted,
  type GameSettings,
  type KeystrokeBatch,
  type PlayerId,
  type RaceSnapshot,
  type Resumed,
  type Round,
  type Standing,
  type Tick,
} from '@typerush/contracts';
import { typist } from '@typerush/game-client';
import { ServiceError } from '@typerush/service-kit';
import { type Keystroke } from '@typerush/typing';
import { broadcast, type Effect } from './effect';
import { finishedRoundOf } from './finished-round';
import { type Racer } from './racer';
import { planRound, type RoundPlan, roundsOf } from './round-plan';
import { raceStandingsOf, standingsOf } from './standings';
import { type Timing } from './timing';
import { type Receipt, Track } from './track';

export interface RaceOptions {
  readonly raceId: string;
  readonly game: GameSettings;
  readonly roster: readonly Racer[];
  readonly timing: Timing;
  /** From 0 up to 1, 1 not included. */
  readonly random: () => number;
  /** The number of the room's next event. */
  readonly nextSequence: () => number;
}

/** Ticks of all races fall on this grid: the service wakes up once for those of many rooms. */
const TICK_GRID_MS = 10;

interface RunningRound {
  readonly number: number;
  readonly plan: RoundPlan;
  readonly startAt: number;
  /** The beginning of the first interval of ticks. */
  readonly ticksFrom: number;
  readonly tracks: ReadonlyMap<Racer, Track>;
  /** What the bots still have to type, and how long after the start they typed last. */
  readonly scripts: Map<Racer, { keystrokes: Keystroke[]; typedMs: number }>;
}

/** A race from its countdown to its result: one round, or several with pauses between. */
export class Race {
  /** A race that is over changes no more. */
  isOver = false;
  private current: RunningRound;
  private readonly results: Standing[][] = [];
  /** Of the current round: how many intervals of ticks have passed. */
  private tickNumber = 0;
  private readonly people: readonly Racer[];

  constructor(
    private readonly options: RaceOptions,
    now: number,
  ) {
    this.people = options.roster.filter(({ bot }) => !bot);
    this.current = this.prepare(1, now + options.timing.countdownMs);
  }

  get raceId(): string {
    return this.options.raceId;
  }

  /** What announces the current round, with its text. */
  countdown(): Effect {
    const sequence = this.options.nextSequence();
    return broadcast({ event: 'countdown', payload: { ...this.round(), sequence } });
  }

  /** @throws ServiceError NOT_IN_RACE, WRONG_ROUND, and whatever Track.accept refuses */
  type(
    playerId: PlayerId,
    batch: KeystrokeBatch,
    receipt: Receipt,
  ): { seq: number; effects: Effect[] } {
    const track = this.trackOf(playerId);
    if (!track) throw new ServiceError('NOT_IN_RACE', 'You are not in this race.');
    if (this.isOver || batch.raceId !== this.raceId || batch.round !== this.current.number) {
      throw new ServiceError('WRONG_ROUND', 'This round is not running.');
    }
    const before = track.timeMs;
    const seq = track.accept(batch, receipt);
    const effects: Effect[] = [];
    if (before === undefined && track.timeMs !== undefined) {
      effects.push(this.finish(playerId, track.timeMs), ...this.settle(receipt.receivedAt));
    }
    return { seq, effects };
  }

  /** For good, or after the grace period. */
  leave(playerId: PlayerId, now: number): Effect[] {
    const racer = this.racerOf(playerId);
    if (!racer || this.isOver) return [];
    racer.hasLeft = true;
    return this.settle(now);
  }

  /** What time brings: the typing of bots, gaps that have lasted, the deadline, a tick. */
  advance(now: number): Effect[] {
    if (this.isOver) return [];
    return [...this.moveBots(now), ...this.tick(now), ...this.settle(now)];
  }

  /** Players whose missing batch has to be sent again. */
  lapsedGaps(now: number): { playerId: PlayerId; seq: number }[] {
    return [...this.current.tracks].flatMap(([{ playerId }, track]) => {
      const seq = track.expireGap(now, this.options.timing.gapMs);
      return seq === undefined ? [] : [{ playerId, seq }];
    });
  }

  /** When to call `advance` next. */
  nextAt(now: number): number {
    const { startAt, ticksFrom } = this.current;
    if (now < startAt) return startAt;
    const tickAt = ticksFrom + (this.intervalAt(now) + 1) * this.options.timing.tickMs;
    return Math.min(tickAt, Math.max(now, this.closesAt()));
  }

  /** Ends the race without a result. */
  abort(reason: Aborted['reason']): Effect[] {
    this.isOver = true;
    const sequence = this.options.nextSequence();
    return [broadcast({ event: 'aborted', payload: { raceId: this.raceId, sequence, reason } })];
  }

  round(): Round {
    const { raceId, game, roster } = this.options;
    const { number, plan, startAt } = this.current;
    return {
      raceId,
      round: number,
      rounds: roundsOf(game),
      mode: game.mode,
      passage: plan.passage,
      advance: plan.rules.advance,
      startAt,
      limitMs: plan.limitMs,
      roster: roster.map(({ playerId }) => playerId),
    };
  }

  snapshot(): RaceSnapshot {
    const tracks = [...this.current.tracks];
    return {
      ...this.round(),
      positions: tracks.map(([, track], index) => [index, track.position()] as const),
      finished: tracks.flatMap(([{ playerId }, { timeMs }]) =>
        timeMs === undefined ? [] : [{ playerId, timeMs }],
      ),
    };
  }

  /**
   * What has been accepted from this player in the current round, for a connection that sends the rest again: what was held
   * is forgotten.
   */
  resume(playerId: PlayerId): Resumed['typed'] {
    const track = this.trackOf(playerId);
    if (!track) return null;
    track.forgetHeld();
    const { seq, keystrokes } = track;
    return { raceId: this.raceId, round: this.current.number, seq, keystrokes: [...keystrokes] };
  }

  /**
   * The only place where a round, and with it the race, ends. Called after every finish, every leave, at the end of every
   * grace period and at the deadline.
   */
  private settle(now: number): Effect[] {
    if (this.isOver || !this.isRoundOver(now)) return [];
    const { game, timing } = this.options;
    const { number, plan, tracks, startAt } = this.current;
    const standings = standingsOf(game.mode, plan, tracks);
    this.results.push(standings);
    const { raceId } = this;
    const key = { raceId, round: number };
    const effects: Effect[] = [
      broadcast({
        event: 'round-result',
        payload: { ...key, sequence: this.options.nextSequence(), standings },
      }),
    ];
    if ([...tracks].some(([{ bot }, { keystrokes }]) => !bot && keystrokes.length > 0)) {
      const round = finishedRoundOf({
        ...key,
        mode: game.mode,
        plan,
        startAt,
        now,
        tracks,
        standings,
      });
      effects.push({ type: 'record', round });
    }
    if (number < roundsOf(game) && this.people.some(({ hasLeft }) => !hasLeft)) {
      const pauseMs = game.mode === 'wave-rush' ? game.pauseSeconds * 1_000 : timing.countdownMs;
      this.current = this.prepare(number + 1, now + pauseMs);
      return [...effects, this.countdown()];
    }
    this.isOver = true;
    const sequence = this.options.nextSequence();
    const result = {
      raceId,
      sequence,
      mode: game.mode,
      standings: raceStandingsOf(game.mode, this.results),
    };
    return [...effects, broadcast({ event: 'race-result', payload: result })];
  }

  /** Bots hold nobody up. */
  private isRoundOver(now: number): boolean {
    if (now >= this.closesAt()) return true;
    return this.people.every(
      (racer) => racer.hasLeft || this.current.tracks.get(racer)?.timeMs !== undefined,
    );
  }

  private closesAt(): number {
    const { startAt, plan } = this.current;
    return startAt + plan.limitMs + this.options.timing.settleMs;
  }

  private prepare(number: number, startAt: number): RunningRound {
    const { game, roster, random } = this.options;
    const plan = planRound(game, Math.floor(random() * 2 ** 32));
    const tracks = new Map(roster.map((racer) => [racer, new Track(plan, startAt)]));
    const scripts = new Map(
      roster.flatMap((racer) => {
        if (!racer.bot) return [];
        const keystrokes = [...typist(plan.words, racer.bot, random)];
        return [[racer, { keystrokes, typedMs: 0 }] as const];
      }),
    );
    const ticksFrom = Math.ceil(startAt / TICK_GRID_MS) * TICK_GRID_MS;
    return { number, plan, startAt, ticksFrom, tracks, scripts };
  }

  private moveBots(now: number): Effect[] {
    const { scripts, tracks, startAt, plan } = this.current;
    const until = Math.min(now - startAt, plan.limitMs);
    const effects: Effect[] = [];
    for (const [racer, script] of scripts) {
      const track = tracks.get(racer);
      for (let next = script.keystrokes[0]; next; next = script.keystrokes[0]) {
        const typedMs = script.typedMs + next[0];
        if (!track || typedMs > until) break;
        script.keystrokes.shift();
        script.typedMs = typedMs;
        track.accept(
          { seq: track.seq + 1, events: [next] },
          { receivedAt: startAt + typedMs, halfRoundTripMs: 0 },
        );
        if (track.timeMs !== undefined) effects.push(this.finish(racer.playerId, track.timeMs));
      }
    }
    return effects;
  }

  private tick(now: number): Effect[] {
    const { roster } = this.options;
    const interval = this.intervalAt(now);
    if (interval === this.tickNumber) return [];
    this.tickNumber = interval;
    const { tracks, number } = this.current;
    const reports: Tick[1] = [];
    roster.forEach((racer, index) => {
      const report = tracks.get(racer)?.report();
      if (report) reports.push([index, ...report]);
    });
    return reports.length === 0 ? [] : [broadcast({ event: 'tick', payload: [number, reports] })];
  }

  private intervalAt(now: number): number {
    return Math.floor((now - this.current.ticksFrom) / this.options.timing.tickMs);
  }

  private finish(playerId: PlayerId, timeMs: number): Effect {
    const sequence = this.options.nextSequence();
    const payload = { sequence, raceId: this.raceId, round: this.current.number, playerId, timeMs };
    return broadcast({ event: 'finish', payload });
  }

  private racerOf(playerId: PlayerId): Racer | undefined {
    return this.people.find((racer) => racer.playerId === playerId);
  }

  private trackOf(playerId: PlayerId): Track | undefined {
    const racer = this.racerOf(playerId);
    return racer && !racer.hasLeft ? this.current.tracks.get(racer) : undefined;
  }
}
