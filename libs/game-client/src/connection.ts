import {
  type ClientToServerEvents,
  type KeystrokeBatch,
  type ServerToClientEvents,
} from '@typerush/contracts';

export type ClientEvent = keyof ClientToServerEvents;
export type ServerEvent = keyof ServerToClientEvents;
export type RequestOf<E extends ClientEvent> = Parameters<ClientToServerEvents[E]>[0];
export type ReplyOf<E extends ClientEvent> = Parameters<
  NonNullable<Parameters<ClientToServerEvents[E]>[1]>
>[0];

/** What the client needs of a transport. It connects again by itself, and sends nothing later than it was asked to. */
export interface Connection {
  readonly isConnected: boolean;
  /** Rejects if the connection is lost, or too slow, before the answer has come. */
  request<E extends ClientEvent>(event: E, payload: RequestOf<E>): Promise<ReplyOf<E>>;
  /** Without an answer of its own; nothing is sent while the connection is lost. */
  emit(event: 'keystrokes', payload: RequestOf<'keystrokes'>): void;
  on<E extends ServerEvent>(event: E, listener: ServerToClientEvents[E]): void;
  /** Also when it has connected again. */
  onConnect(listener: () => void): void;
  onDisconnect(listener: () => void): void;
}

/** The part of a Socket.IO client that is used. */
export interface SocketLike {
  readonly connected: boolean;
  emit(event: 'keystrokes', payload: KeystrokeBatch): unknown;
  on(event: string, listener: (...values: never[]) => void): unknown;
  timeout(ms: number): { emitWithAck(event: string, payload: unknown): Promise<unknown> };
}

/** @param timeoutMs how long a request may take */
export function socketConnection(socket: SocketLike, timeoutMs = 5_000): Connection {
  return {
    get isConnected() {
      return socket.connected;
    },
    async request<E extends ClientEvent>(event: E, payload: RequestOf<E>) {
      // Socket.IO would keep it and send it after the next connect, before the seat is resumed.
      if (!socket.connected) throw new Error('not connected');
      return (await socket.timeout(timeoutMs).emitWithAck(event, payload)) as ReplyOf<E>;
    },
    emit(event, payload) {
      if (socket.connected) socket.emit(event, payload);
    },
    on: (event, listener) => void socket.on(event, listener),
    onConnect: (listener) => void socket.on('connect', listener),
    onDisconnect: (listener) => void socket.on('disconnect', listener),
  };
}
