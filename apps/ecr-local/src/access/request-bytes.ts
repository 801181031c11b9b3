import { type IncomingMessage } from 'node:http';

const bodies = new WeakMap<IncomingMessage, Buffer>();

/** The `verify` option of Express's body parsers: keeps the bytes, which a signature covers. */
export function keepBytes(request: IncomingMessage, _response: unknown, bytes: Buffer): void {
  bodies.set(request, bytes);
}

/** The bytes of a body that was parsed with {@link keepBytes}; none for a request without a body. */
export const bytesOf = (request: IncomingMessage): Buffer => bodies.get(request) ?? Buffer.alloc(0);
