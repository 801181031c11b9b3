import { type KeystrokeBatch } from '@typerush/contracts';
import { WebSocket } from 'ws';

/** The client's end of a connection, as lean as it can be: a generator must not be busier than the server. */
export interface Wire {
  /** For counting bytes. */
  readonly connections: readonly WebSocket[];
  /** Resolves with what the server answers. */
  request(event: string, payload: object): Promise<Reply>;
  /** Calls `done` when the server has acknowledged it, with whether it was accepted. */
  type(batch: KeystrokeBatch, done: (isAccepted: boolean) => void): void;
  /** Anything but acknowledgements and ticks. */
  onEvent: (event: string, payload: never) => void;
  onTick: () => void;
}

export type Reply = { readonly ok: boolean } & Readonly<Record<string, unknown>>;

/** An open connection. */
export async function open(url: string): Promise<WebSocket> {
  const connection = new WebSocket(url, { perMessageDeflate: false });
  await new Promise((resolve, reject) => {
    connection.once('open', resolve);
    connection.once('error', reject);
  });
  return connection;
}
