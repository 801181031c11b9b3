import { AccessError } from './access-error';

/** An HTTP request as far as a signature covers it. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What a request says about its signature, in its headers or in its query. */
export interface RequestSignature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  /** As in `20270131T120000Z`. */
  readonly date: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly sessionToken: string | undefined;
  /** Of a signature in the query: for how many seconds it is valid. */
  readonly expiresIn: number | undefined;
}

const algorithm = 'AWS4-HMAC-SHA256';
const longestExpiryS = 7 * 24 * 60 * 60;

const incomplete = (message: string) => new AccessError('SIGNATURE_INCOMPLETE', message);
const invalid = (message: string) => new AccessError('SIGNATURE_INVALID', message);

/**
 * Reads the signature of a request.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 *
 * @throws AccessError if there is none, or a part of it is missing or malformed
 */
export function readSignature(request: HttpRequest): RequestSignature {
  const header = request.headers['authorization'];
  const signature = header === undefined ? fromQuery(request) : fromHeader(request, header);
  requireSignedHeaders(request, signature);
  return signature;
}

function fromHeader({ headers }: HttpRequest, header: string): RequestSignature {
  if (!header.startsWith(`${algorithm} `)) {
    throw incomplete(`Unsupported AWS 'algorithm': expected '${algorithm}'.`);
  }
  const parts = new Map(
    header
      .slice(algorithm.length)
      .split(',')
      .map((part) => {
        const [, name = '', value = ''] = /^\s*([A-Za-z]+)=(\S*)\s*$/.exec(part) ?? [];
        return [name, value];
      }),
  );
  const needed = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !parts.get(name));
  if (needed.length > 0) {
    throw incomplete(
      needed.map((name) => `Authorization header requires '${name}' parameter.`).join(' '),
    );
  }
  const date = headers['x-amz-date'];
  if (date === undefined) {
    throw incomplete("Authorization header requires existence of a 'X-Amz-Date' header.");
  }
  return {
    ...readCredential(parts.get('Credential') ?? '', date),
    date,
    signedHeaders: headerNames(parts.get('SignedHeaders')),
    signature: parts.get('Signature') ?? '',
    sessionToken: headers['x-amz-security-token'],
    expiresIn: undefined,
  };
}

function fromQuery({ url }: HttpRequest): RequestSignature {
  const query = new URL(url, 'http://localhost').searchParams;
  const given = query.get('X-Amz-Algorithm');
  if (given === null) {
    throw new AccessError('TOKEN_MISSING', 'Missing Authentication Token: sign the request.');
  }
  if (given !== algorithm)
    throw incomplete(`Unsupported AWS 'algorithm': expected '${algorithm}'.`);
  const names = ['Credential', 'Date', 'Expires', 'Signature', 'SignedHeaders'];
  const needed = names.filter((name) => !query.get(`X-Amz-${name}`));
  if (needed.length > 0) {
    throw incomplete(
      needed.map((name) => `AWS query-string parameters must include 'X-Amz-${name}'.`).join(' '),
    );
  }
  const date = query.get('X-Amz-Date') ?? '';
  const expiresIn = Number(query.get('X-Amz-Expires'));
  if (!(Number.isInteger(expiresIn) && expiresIn > 0 && expiresIn <= longestExpiryS)) {
    throw incomplete(`X-Amz-Expires must be 1 to ${longestExpiryS} seconds.`);
  }
  return {
    ...readCredential(query.get('X-Amz-Credential') ?? '', date),
    date,
    signedHeaders: headerNames(query.get('X-Amz-SignedHeaders') ?? ''),
    signature: query.get('X-Amz-Signature') ?? '',
    sessionToken: query.get('X-Amz-Security-Token') ?? undefined,
    expiresIn,
  };
}

function readCredential(credential: string, date: string) {
  const parts = credential.split('/');
  const [accessKeyId = '', day = '', region = '', service = '', terminator = ''] = parts;
  if (parts.length !== 5) {
    throw incomplete(
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.',
    );
  }
  if (terminator !== 'aws4_request') {
    throw invalid("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
  if (!/^\d{8}T\d{6}Z$/.test(date)) {
    throw incomplete('Date must be in ISO-8601 basic format, such as 20270131T120000Z.');
  }
  if (day !== date.slice(0, 8)) {
    throw invalid(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${date.slice(0, 8)}', from '${date}'.`,
    );
  }
  if (!/^[a-z0-9-]{1,64}$/.test(region))
    throw invalid('Credential should be scoped to a valid region.');
  return { accessKeyId, region, service };
}

const headerNames = (text = ''): string[] => text.toLowerCase().split(';');

/** Whatever decides what a request does has to be signed: the host, and all headers of AWS. */
function requireSignedHeaders({ headers }: HttpRequest, { signedHeaders }: RequestSignature): void {
  const needed = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
  const missing = needed.find((name) => !signedHeaders.includes(name));
  if (missing !== undefined) {
    throw invalid(`'${missing}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
  const absent = signedHeaders.find((name) => !Object.hasOwn(headers, name));
  if (absent !== undefined) {
    throw invalid(`The request has no header '${absent}', which its signature covers.`);
  }
}
