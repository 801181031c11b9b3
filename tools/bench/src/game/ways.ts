import { type ProgramOptions } from './program-options';

/** One way to bring keystrokes to the others of a room. */
export interface Way {
  readonly name: string;
  /** Its program, relative to the workspace. */
  readonly server: string;
  readonly options?: Partial<ProgramOptions>;
  readonly client:
    | 'acks in ticks'
    | 'game-service'
    | 'relay'
    | 'socket.io'
    | 'msgpack'
    | 'ws ticks'
    | 'ws'
    | 'colyseus'
    | 'colyseus, acks in patches';
  readonly needsPeers?: boolean;
}

const servers = 'tools/bench/src/game/servers';

export const ways: readonly Way[] = [
  { name: 'ours', server: 'apps/game-service/src/main.ts', client: 'game-service' },
  { name: 'the first TypeRush', server: `${servers}/relay.ts`, client: 'relay' },
  { name: 'Socket.IO', server: `${servers}/socket-io.ts`, client: 'socket.io' },
  {
    name: 'Socket.IO, msgpack',
    server: `${servers}/socket-io.ts`,
    options: { parser: 'msgpack' },
    client: 'msgpack',
    needsPeers: true,
  },
  {
    name: 'Socket.IO, ticks by ws',
    server: `${servers}/socket-io.ts`,
    options: { ticks: 'ws' },
    client: 'ws ticks',
  },
  {
    name: 'Socket.IO, acks in ticks',
    server: `${servers}/socket-io.ts`,
    options: { acks: 'in ticks' },
    client: 'acks in ticks',
  },
  { name: 'Colyseus', server: `${servers}/colyseus.ts`, client: 'colyseus', needsPeers: true },
  {
    name: 'Colyseus, acks in patches',
    server: `${servers}/colyseus.ts`,
    options: { acks: 'in ticks' },
    client: 'colyseus, acks in patches',
    needsPeers: true,
  },
  { name: 'ws, binary', server: `${servers}/raw-ws.ts`, client: 'ws' },
];

/** Those whose name contains one of the parts; all without parts. */
export function selectWays(parts: readonly string[]): readonly Way[] {
  const has = ({ name }: Way) =>
    parts.some((part) => name.toLowerCase().includes(part.toLowerCase()));
  return parts.length === 0 ? ways : ways.filter(has);
}
