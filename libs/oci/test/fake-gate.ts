import { type IncomingMessage } from 'node:http';
import { type Send } from './fake-store';

export interface FakeGateOptions {
  readonly basic?: { readonly username: string; readonly password: string };
  /** Bearer tokens from `/token`: anonymous, for the user of `basic`, or for a refresh token. */
  readonly bearer?: boolean;
  /** The refresh token that `/token` accepts by POST. */
  readonly identityToken?: string;
  /** The response to expired credentials. @default 403, as ECR */
  readonly expiredStatus?: 401 | 403;
}

/** The authorization of a fake registry. */
export class FakeGate {
  /** The forms and queries of requests to `/token`. */
  readonly tokenRequests: URLSearchParams[] = [];
  private password: string | undefined;
  private readonly expired = new Set<string>();
  private token = 'token-1';

  constructor(private readonly options: FakeGateOptions) {
    this.password = options.basic?.password;
  }

  /** Expires the password. */
  rotate(password: string): void {
    if (this.password !== undefined) this.expired.add(this.password);
    this.password = password;
  }

  /** Expires all bearer tokens. */
  rotateTokens(): void {
    this.token = `token-${Number(this.token.slice('token-'.length)) + 1}`;
  }

  /** Whether it has sent a response. */
  refuses(request: IncomingMessage, url: URL, body: Buffer, send: Send): boolean {
    const { basic, bearer } = this.options;
    if (url.pathname === '/token') {
      this.giveToken(request, url, body, send);
      return true;
    }
    const { authorization = '', host } = request.headers;
    if (bearer) {
      if (authorization === `Bearer ${this.token}`) return false;
      const name = /^\/v2\/(.+)\/(?:manifests|blobs|referrers)\//.exec(url.pathname)?.[1] ?? 'x';
      const rights = request.method === 'GET' || request.method === 'HEAD' ? 'pull' : 'pull,push';
      const scope = `repository:${name}:${rights}`;
      this.challenge(`Bearer realm="http://${host}/token",service="fake",scope="${scope}"`, send);
      return true;
    }
    if (!basic || this.isGood(authorization)) return false;
    const password = passwordOf(authorization);
    if (this.expired.has(password) && this.options.expiredStatus !== 401) {
      const message = 'Your authorization token has expired. Reauthenticate and try again.';
      send(403, {}, Buffer.from(JSON.stringify({ errors: [{ code: 'DENIED', message }] })));
    } else this.challenge('Basic realm="http://registry/",service="ecr.amazonaws.com"', send);
    return true;
  }

  private giveToken(request: IncomingMessage, url: URL, body: Buffer, send: Send): void {
    const { basic, identityToken } = this.options;
    const form = new URLSearchParams(request.method === 'POST' ? body.toString() : url.search);
    this.tokenRequests.push(form);
    const good =
      request.method === 'POST'
        ? identityToken !== undefined && form.get('refresh_token') === identityToken
        : !basic || this.isGood(request.headers.authorization ?? '');
    if (!good) return send(401, {}, Buffer.from('{"details":"incorrect username or password"}'));
    const name = request.method === 'POST' ? 'access_token' : 'token';
    send(200, {}, Buffer.from(JSON.stringify({ [name]: this.token })));
  }

  private isGood(authorization: string): boolean {
    const { username = '' } = this.options.basic ?? {};
    const expected = Buffer.from(`${username}:${this.password}`).toString('base64');
    return authorization === `Basic ${expected}`;
  }

  private challenge(header: string, send: Send): void {
    send(401, { 'www-authenticate': header }, Buffer.from('Not Authorized'));
  }
}

function passwordOf(authorization: string): string {
  const text = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString();
  return text.slice(text.indexOf(':') + 1);
}
