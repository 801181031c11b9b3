import { finished } from 'node:stream';
import { type RequestHandler, type Response } from 'express';

/**
 * Lets a client read an answer that comes before it has sent its whole body, such as that of a full disk. A connection that
 * closes after its answer stays open until the body was received: if it closed with unread bytes, the client would get a
 * reset, and could lose the answer. Node's time limit for receiving a request (5 minutes) applies to the body too.
 * https://www.rfc-editor.org/rfc/rfc9112#section-9.6
 */
export const lingeringClose: RequestHandler = (request, response, next) => {
  const end = response.end.bind(response) as (...args: unknown[]) => Response;
  response.end = (...args: unknown[]) => {
    // The rest of the body is not needed, but many clients read the answer only when they have sent it.
    request.resume();
    if (request.complete || response.shouldKeepAlive) return end(...args);
    const [content] = args;
    if (typeof content === 'string' || content instanceof Uint8Array) {
      response.write(content);
    } else {
      response.flushHeaders();
    }
    const callbacks = args.filter((argument) => typeof argument === 'function');
    finished(request, () => end(...callbacks));
    return response;
  };
  next();
};
