/** What `main` passes to the programs that it starts, as JSON. */
export interface ProgramOptions {
  readonly port: number;
  /** The folder where the packages of peers/packages.json are installed; empty if none are needed. */
  readonly peers: string;
  /** Of the Socket.IO server: another parser. */
  readonly parser?: 'msgpack';
  /** Of the Socket.IO server: ticks over a connection of their own. */
  readonly ticks?: 'ws';
  /** Of the Socket.IO and the Colyseus server: the last `seq` in the next tick in place of an acknowledgement. */
  readonly acks?: 'in ticks';
}

/** Of this program. */
export const programOptions = JSON.parse(process.argv[2] ?? '{}') as ProgramOptions;
