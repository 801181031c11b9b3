import { type RequestHandler, type Response } from 'express';

export interface LoggedRequest {
  readonly at: Date;
  readonly method: string;
  /** Without its query, which may have a token. */
  readonly path: string;
  /** The operation of an AWS API, or undefined: a request of docker, or a page. */
  readonly operation?: string | undefined;
  readonly status: number;
  /** Its beginning, if it is text without credentials. */
  readonly answer?: string | undefined;
  readonly milliseconds: number;
}

export interface RequestLog {
  /** Records the requests that pass, except for those of the console. */
  readonly record: RequestHandler;
  /** Oldest first. */
  latest(): readonly LoggedRequest[];
  /** @returns what ends the subscription */
  follow(listener: (request: LoggedRequest) => void): () => void;
  /** Ends what follows. */
  close(): void;
  onClose(listener: () => void): void;
}

const kept = 200;
const longestPath = 300;
const longestAnswer = 600;

/** Of GetAuthorizationToken, GetDownloadUrlForLayer and AssumeRole, by whatever way they were called. */
const credentials = /authorizationToken|[?&]token=|SecretAccessKey|SessionToken/i;

/** The latest requests, in memory. */
export function createRequestLog(now: () => Date): RequestLog {
  const entries: LoggedRequest[] = [];
  const followers = new Set<(request: LoggedRequest) => void>();
  const closers = new Set<() => void>();
  const record: RequestHandler = (request, response, next) => {
    const { method, originalUrl } = request;
    const path = (originalUrl.split('?', 1)[0] ?? '').slice(0, longestPath);
    if (path.startsWith('/_console') || (path === '/' && method === 'GET')) return next();
    const at = now();
    const start = performance.now();
    const answer = answerOf(response);
    const target = request.get('x-amz-target')?.split('.').at(-1)?.slice(0, 100);
    response.once('close', () => {
      const entry: LoggedRequest = {
        at,
        method,
        path,
        operation: target ?? queryAction(request.body),
        status: response.statusCode,
        answer: answer(),
        milliseconds: Math.round(performance.now() - start),
      };
      entries.push(entry);
      if (entries.length > kept) entries.shift();
      for (const follower of followers) follower(entry);
    });
    next();
  };
  return {
    record,
    latest: () => entries,
    follow: (listener) => {
      followers.add(listener);
      return () => followers.delete(listener);
    },
    onClose: (listener) => void closers.add(listener),
    close: () => closers.forEach((closer) => closer()),
  };
}

/** @returns the beginning of what the response has ended with, if it is text */
function answerOf(response: Response): () => string | undefined {
  let last: unknown;
  const end = response.end.bind(response) as (...args: unknown[]) => Response;
  response.end = (...args: unknown[]) => {
    [last] = args;
    return end(...args);
  };
  return () => {
    const isText = /json|xml|text/.test(String(response.getHeader('content-type')));
    if (!isText || !(typeof last === 'string' || last instanceof Uint8Array)) return undefined;
    // Only what is shown is converted: an answer may have megabytes.
    const text = Buffer.from(last.slice(0, longestAnswer)).toString();
    if (text === '' || credentials.test(text)) return undefined;
    return last.length > longestAnswer ? `${text}…` : text;
  };
}

/** The operation of an AWS Query request, whose body was parsed as a form meanwhile. */
function queryAction(body: unknown): string | undefined {
  const text = typeof body === 'string' ? body : '';
  return /(?:^|&)Action=([A-Za-z]{1,100})(?:&|$)/.exec(text)?.[1];
}
