import { z } from 'zod';
import { RegistryError, type RegistryErrorDetails } from './registry-error';

const bodySchema = z.object({
  errors: z
    .array(
      z.looseObject({
        code: z.string(),
        message: z.string().nullish(),
        detail: z.unknown().optional(),
      }),
    )
    .nonempty(),
});

/** The error that a registry's answer stands for. Takes the body, unless the answer has none. */
export async function errorFromResponse(
  response: Response,
  details: Pick<RegistryErrorDetails, 'host' | 'repository'>,
): Promise<RegistryError> {
  const { status } = response;
  const text = await response.text().catch(() => '');
  const said = parseBody(text);
  const plain = said ? '' : text.trim().replace(/\s+/g, ' ').slice(0, 300);
  const code = codeOf(status, text, said?.code);
  const reason = said?.message || plain || response.statusText || 'no reason given';
  const problem =
    code === 'OUT_OF_SPACE' ? `it has no space left: ${reasonOf(said) ?? reason}` : reason;
  return new RegistryError(code, problem, {
    ...details,
    status,
    retryAfterMs: parseRetryAfter(response.headers.get('retry-after')),
  });
}

/** Distribution's message is "unknown error"; what it knows is in the detail. */
function reasonOf(said: ReturnType<typeof parseBody>): string | undefined {
  return typeof said?.detail === 'string' ? said.detail.slice(0, 300) : undefined;
}

function parseBody(text: string) {
  try {
    return bodySchema.parse(JSON.parse(text)).errors[0];
  } catch {
    return undefined;
  }
}

/** How ECR says it: https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html */
const EXPIRED = /token has expired|expired token/i;
/**
 * Words of file systems, object stores and Harbor's quota for one thing that has no code of its own; distribution gives the
 * number of ENOSPC.
 */
const FULL =
  /ENOSPC|no space left|disk (?:is )?full|disk quota|quota ?exceeded|exceed the configured upper limit|insufficient storage|"Err":\s*28\b/i;

function codeOf(status: number, text: string, said: string | undefined): string {
  if (status === 507 || FULL.test(text)) return 'OUT_OF_SPACE';
  if (status === 403 && EXPIRED.test(text)) return 'TOKEN_EXPIRED';
  // An index of codes that says nothing: the status says more.
  if (said && said !== 'UNKNOWN') return said;
  return STATUS_CODE[status] ?? (status >= 500 ? 'SERVER_ERROR' : 'UNEXPECTED');
}

const STATUS_CODE: Readonly<Record<number, string>> = {
  401: 'UNAUTHORIZED',
  403: 'DENIED',
  404: 'NOT_FOUND',
  413: 'TOO_LARGE',
  429: 'TOOMANYREQUESTS',
};

/** Seconds or a date; https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
export function parseRetryAfter(header: string | null, now = Date.now()): number | undefined {
  if (!header?.trim()) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
