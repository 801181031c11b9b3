import {
  type KeystrokeBatch,
  type PlayerId,
  type Removed,
  type Resumed,
  type RoomCode,
  type RoomSettings,
  type RoomSnapshot,
  type Session,
} from '@typerush/contracts';
import { type Skill } from '@typerush/game-client';
import { ServiceError } from '@typerush/service-kit';
import { type Chance } from './chance';
import { broadcast, type Effect, send } from './effect';
import { hashToken, holdsToken, isConnected, type Member, roomPlayerOf } from './member';
import { Race } from './race';
import { type Timing } from './timing';
import { type Receipt } from './track';

export interface RoomOptions {
  readonly code: RoomCode;
  readonly settings: RoomSettings;
  readonly timing: Timing;
  readonly chance: Chance;
}

type Player = Pick<Session, 'playerId' | 'name'>;

/**
 * Seats, their players and one race at a time. It has no clock and no socket: each operation takes the time in ms since 1970
 * and returns what follows from it. Operations throw a ServiceError to refuse, and change nothing then.
 */
export class Room {
  readonly code: RoomCode;
  private settings: RoomSettings;
  /** In the order in which they came. */
  private members: Member[] = [];
  private hostId: PlayerId = '';
  private race: Race | undefined;
  private hasRaced = false;
  private sequence = 0;
  private readonly kicked = new Set<PlayerId>();

  constructor(private readonly options: RoomOptions) {
    this.code = options.code;
    this.settings = options.settings;
  }

  /** Whether only bots are left, if anybody. */
  get isEmpty(): boolean {
    return this.people().length === 0;
  }

  get isRacing(): boolean {
    return this.race !== undefined;
  }

  get playerCount(): number {
    return this.members.length;
  }

  /** Whether quick match may seat somebody here. */
  get isOpen(): boolean {
    const { seats, isPublic } = this.settings;
    return isPublic && !this.isRacing && !this.isEmpty && this.members.length < seats;
  }

  /** @throws ServiceError ALREADY_IN_ROOM, KICKED, ROOM_LOCKED, ROOM_FULL */
  join({ playerId, name }: Player, connection: string): { resumeToken: string; effects: Effect[] } {
    if (this.members.some((one) => one.playerId === playerId)) throw alreadyInRoom();
    if (this.kicked.has(playerId)) throw refusal('KICKED', 'The host has removed you.');
    if (this.race) throw refusal('ROOM_LOCKED', 'A race is running. Join when it is over.');
    this.needSeat();
    const resumeToken = this.options.chance.token();
    const tokenHash = hashToken(resumeToken);
    this.members.push({ playerId, name, connection, isReady: false, tokenHash });
    this.hostId ||= playerId;
    return { resumeToken, effects: [this.changed()] };
  }

  /** Lets another connection act for the player. @throws ServiceError RESUME_REFUSED */
  resume(
    playerId: PlayerId,
    resumeToken: string,
    connection: string,
  ): { typed: Resumed['typed']; effects: Effect[] } {
    const member = this.people().find((one) => one.playerId === playerId);
    if (!member || !holdsToken(member, resumeToken)) throw resumeRefused();
    const effects: Effect[] = [];
    if (member.connection !== undefined && member.connection !== connection) {
      effects.push(...this.tellRemoved(member.connection, 'resumed-elsewhere'));
    }
    member.connection = connection;
    member.lostAt = undefined;
    return { typed: this.race?.resume(playerId) ?? null, effects: [...effects, this.changed()] };
  }

  /** The connection is lost; the seat is kept for the grace period. */
  disconnect(connection: string, now: number): Effect[] {
    const member = this.members.find((one) => one.connection === connection);
    if (!member) return [];
    member.connection = undefined;
    member.lostAt = now;
    if (!this.race) member.isReady = false;
    return [this.changed()];
  }

  leave(playerId: PlayerId, now: number): Effect[] {
    return this.remove(this.member(playerId), now);
  }

  /** @throws ServiceError NOT_HOST, NOT_IN_ROOM */
  kick(hostId: PlayerId, playerId: PlayerId, now: number): Effect[] {
    this.needHost(hostId);
    const member = this.member(playerId);
    if (playerId === hostId) throw refusal('INVALID_REQUEST', 'A host leaves instead.');
    if (!member.bot) this.kicked.add(playerId);
    return this.remove(member, now, 'kicked');
  }

  setReady(playerId: PlayerId, isReady: boolean): Effect[] {
    this.needLobby();
    this.member(playerId).isReady = isReady;
    return [this.changed()];
  }

  /** @throws ServiceError NOT_HOST, RACE_RUNNING, ROOM_FULL if there would be too few seats */
  configure(playerId: PlayerId, settings: RoomSettings): Effect[] {
    this.needHost(playerId);
    this.needLobby();
    if (settings.seats < this.members.length) {
      throw refusal('ROOM_FULL', `There are ${this.members.length} players on the seats.`);
    }
    this.settings = settings;
    // They were ready for something else.
    this.resetReady();
    return [this.changed()];
  }

  addBot(playerId: PlayerId, skill: Skill): Effect[] {
    this.needHost(playerId);
    this.needLobby();
    this.needSeat();
    const number = 1 + this.members.filter(({ bot }) => bot).length;
    this.members.push({
      playerId: this.options.chance.uuid(),
      name: `Bot ${number}`,
      bot: skill,
      connection: undefined,
      isReady: true,
    });
    return [this.changed()];
  }

  /** @throws ServiceError NOT_HOST, RACE_RUNNING, NOT_READY, NOT_ENOUGH_PLAYERS */
  start(playerId: PlayerId, now: number): Effect[] {
    this.needHost(playerId);
    this.needLobby();
    const waiting = this.connected().some(
      (member) => !member.isReady && member.playerId !== this.hostId,
    );
    if (waiting) throw refusal('NOT_READY', 'Not everybody is ready.');
    return this.startRace(now);
  }

  /** Asks for another race, which begins when every connected player has. */
  rematch(playerId: PlayerId, now: number): Effect[] {
    this.needLobby();
    if (!this.hasRaced) throw refusal('NO_RACE', 'There was no race yet.');
    this.member(playerId).isReady = true;
    const connected = this.connected();
    return connected.length > 1 && connected.every(({ isReady }) => isReady)
      ? this.startRace(now)
      : [this.changed()];
  }

  /** Ends the race without a result. @throws ServiceError NOT_HOST, NO_RACE */
  abort(playerId: PlayerId): Effect[] {
    this.needHost(playerId);
    if (!this.race) throw refusal('NO_RACE', 'No race is running.');
    return [...this.race.abort('host'), ...this.afterRace()];
  }

  /** Ends the race, if one is running, because the instance does. */
  stop(): Effect[] {
    return this.race ? [...this.race.abort('stopping'), ...this.afterRace()] : [];
  }

  /** @throws ServiceError NO_RACE and what Race.type refuses */
  type(
    playerId: PlayerId,
    batch: KeystrokeBatch,
    receipt: Receipt,
  ): { seq: number; effects: Effect[] } {
    if (!this.race) throw refusal('NO_RACE', 'No race is running.');
    const { seq, effects } = this.race.type(playerId, batch, receipt);
    return { seq, effects: [...effects, ...this.afterRace()] };
  }

  /** What time brings: the end of grace periods, and what Race.advance does. */
  advance(now: number): Effect[] {
    const lapsed = this.members.filter(
      ({ lostAt }) => lostAt !== undefined && now - lostAt >= this.options.timing.graceMs,
    );
    const effects = lapsed.flatMap((member) => this.remove(member, now, 'disconnected'));
    if (!this.race) return effects;
    return [
      ...effects,
      ...this.requestMissing(this.race, now),
      ...this.race.advance(now),
      ...this.afterRace(),
    ];
  }

  /** When to call `advance` next. */
  nextAt(now: number): number | undefined {
    const { graceMs } = this.options.timing;
    const times = this.members.flatMap(({ lostAt }) =>
      lostAt === undefined ? [] : [lostAt + graceMs],
    );
    if (this.race) times.push(this.race.nextAt(now));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  snapshot(): RoomSnapshot {
    return {
      sequence: this.sequence,
      code: this.code,
      settings: this.settings,
      hostId: this.hostId,
      players: this.members.map(roomPlayerOf),
      race: this.race?.snapshot() ?? null,
    };
  }

  private startRace(now: number): Effect[] {
    const { timing, chance } = this.options;
    const roster = this.members
      .filter(isConnected)
      .map(({ playerId, name, bot }) => ({ playerId, name, bot, hasLeft: false }));
    if (roster.length < 2) throw refusal('NOT_ENOUGH_PLAYERS', 'A race needs two players.');
    const race = new Race(
      {
        raceId: chance.uuid(),
        game: this.settings.game,
        roster,
        timing,
        random: () => chance.fraction(),
        nextSequence: () => (this.sequence += 1),
      },
      now,
    );
    this.race = race;
    return [race.countdown()];
  }

  /** Opens the room again if the race is over. */
  private afterRace(): Effect[] {
    if (!this.race?.isOver) return [];
    this.race = undefined;
    this.hasRaced = true;
    this.resetReady();
    return this.isEmpty ? [] : [this.changed()];
  }

  private remove(member: Member, now: number, reason?: Removed['reason']): Effect[] {
    const { playerId, connection, bot } = member;
    this.members = this.members.filter((other) => other !== member);
    if (playerId === this.hostId) this.hostId = this.nextHost();
    const effects: Effect[] = [];
    if (connection !== undefined) {
      effects.push(...(reason ? this.tellRemoved(connection, reason) : [detach(connection)]));
    }
    if (!bot) effects.push({ type: 'release', playerId });
    effects.push(...(this.race?.leave(playerId, now) ?? []));
    if (this.race?.isOver) return [...effects, ...this.afterRace()];
    return this.isEmpty ? effects : [...effects, this.changed()];
  }

  /** The one who has been here longest, if possible one who is connected. */
  private nextHost(): PlayerId {
    const people = this.people();
    return (people.find(isConnected) ?? people[0])?.playerId ?? '';
  }

  private tellRemoved(connection: string, reason: Removed['reason']): Effect[] {
    return [send(connection, { event: 'removed', payload: { reason } }), detach(connection)];
  }

  private requestMissing(race: Race, now: number): Effect[] {
    return race.lapsedGaps(now).flatMap(({ playerId, seq }) => {
      const connection = this.members.find((one) => one.playerId === playerId)?.connection;
      if (connection === undefined) return [];
      const { raceId, round } = race.round();
      return [send(connection, { event: 'resend', payload: { raceId, round, seq } })];
    });
  }

  private resetReady(): void {
    for (const member of this.members) member.isReady = member.bot !== undefined;
  }

  private changed(): Effect {
    this.sequence += 1;
    return broadcast({ event: 'room', payload: this.snapshot() });
  }

  private people(): readonly Member[] {
    return this.members.filter(({ bot }) => !bot);
  }

  private connected(): readonly Member[] {
    return this.members.filter(isConnected);
  }

  private member(playerId: PlayerId): Member {
    const member = this.members.find((one) => one.playerId === playerId);
    if (!member) throw refusal('NOT_IN_ROOM', 'There is no such player in this room.');
    return member;
  }

  private needHost(playerId: PlayerId): void {
    if (playerId !== this.hostId) throw refusal('NOT_HOST', 'Only the host may do this.');
  }

  private needLobby(): void {
    if (this.race) throw refusal('RACE_RUNNING', 'A race is running.');
  }

  private needSeat(): void {
    if (this.members.length >= this.settings.seats) {
      throw refusal('ROOM_FULL', 'Every seat of this room is taken.');
    }
  }
}

/** The same for an unknown room, another player's seat and a wrong token: nobody learns which. */
export function resumeRefused(): ServiceError {
  return refusal('RESUME_REFUSED', 'There is no seat to resume. Join a room.');
}

export function alreadyInRoom(): ServiceError {
  return refusal('ALREADY_IN_ROOM', 'You have a seat already. Leave that room, or resume.');
}

function detach(connection: string): Effect {
  return { type: 'detach', connection };
}

function refusal(code: string, message: string): ServiceError {
  return new ServiceError(code, message);
}
