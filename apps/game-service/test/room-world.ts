import { randomUUID } from 'node:crypto';
import {
  type FinishedRound,
  type RaceResult,
  type RoomSettings,
  type Round,
  type RoundResult,
} from '@typerush/contracts';
import { typist } from '@typerush/game-client';
import { passageOf, type PassageReference } from '@typerush/passages';
import { type Keystroke, wordsOf } from '@typerush/typing';
import { type Effect } from '../src/game/effect';
import { Room } from '../src/game/room';
import { defaultTiming } from '../src/game/timing';
import { batchesOf, player, seededChance, typeRace } from './game-fixtures';

/** A room with a clock of its own and everything that has come out of it. */
export class RoomWorld {
  now = 1_795_280_400_000;
  readonly effects: Effect[] = [];
  readonly tokens = new Map<number, string>();
  readonly chance;
  readonly room: Room;

  constructor(settings: RoomSettings, seed = 1) {
    this.chance = seededChance(seed);
    const { chance } = this;
    this.room = new Room({ code: 'ACD347', settings, timing: defaultTiming, chance });
  }

  /** Players sit down, in the order of these numbers, each with the connection `c<number>`. */
  seat(...numbers: number[]): this {
    for (const number of numbers) {
      const { resumeToken, effects } = this.room.join(player(number), `c${number}`);
      this.tokens.set(number, resumeToken);
      this.take(effects);
    }
    return this;
  }

  /** Everybody is ready, the first one starts, and the countdown passes. */
  start(): Round {
    const { hostId, players } = this.room.snapshot();
    for (const { playerId, isBot } of players) {
      if (!isBot) this.take(this.room.setReady(playerId, true));
    }
    this.take(this.room.start(hostId, this.now));
    const round = this.round();
    this.now = round.startAt;
    return round;
  }

  round(): Round {
    const { race } = this.room.snapshot();
    if (!race) throw new Error('no race');
    return race;
  }

  take(effects: Effect[]): Effect[] {
    this.effects.push(...effects);
    return effects;
  }

  advance(ms: number): Effect[] {
    this.now += ms;
    return this.take(this.room.advance(this.now));
  }

  /** What a person would type in the current round. */
  script(wpm = 80): Keystroke[] {
    const { text } = passageOf(this.round().passage as PassageReference);
    return [...typist(wordsOf(text), { wpm, errorRate: 0.05 }, () => this.chance.fraction())];
  }

  /** Sends a script in batches, each as soon as its last key is typed, for as long as the round runs. */
  type(number: number, script: readonly Keystroke[], delayMs = 20): void {
    const { raceId, round, startAt } = this.round();
    for (const { seq, events, typedMs } of batchesOf(script, 8)) {
      this.now = Math.max(this.now, startAt + typedMs + delayMs);
      this.take(this.room.advance(this.now));
      if (this.room.snapshot().race?.round !== round) return;
      const receipt = { receivedAt: this.now, halfRoundTripMs: 20 };
      const batch = { raceId, round, seq, events };
      this.take(this.room.type(player(number).playerId, batch, receipt).effects);
    }
  }

  get roundResults(): RoundResult[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'broadcast' && effect.event === 'round-result' ? [effect.payload] : [],
    );
  }

  get raceResults(): RaceResult[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'broadcast' && effect.event === 'race-result' ? [effect.payload] : [],
    );
  }

  get records(): FinishedRound[] {
    return this.effects.flatMap((effect) => (effect.type === 'record' ? [effect.round] : []));
  }
}

/** The round of a race against a bot, under a new id. */
export function finishedRound(): FinishedRound {
  const world = new RoomWorld(typeRace).seat(1);
  world.take(world.room.addBot(player(1).playerId, { wpm: 60, errorRate: 0 }));
  world.start();
  world.type(1, world.script(120));
  const [record] = world.records;
  if (!record) throw new Error('no record');
  return { ...record, raceId: randomUUID() };
}
