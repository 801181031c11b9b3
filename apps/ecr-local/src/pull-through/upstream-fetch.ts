import { manifestLimitBytes } from '../registry/manifest';

/** How often an answer may send us elsewhere. */
const redirectLimit = 5;

/**
 * `fetch` for one upstream. What an upstream answers must not make this process call other services of the network: a
 * token server or a storage host on another origin is called only by HTTPS and by name, and not with the credentials.
 * Manifests, tokens and errors are read up to a limit; blobs have the size that their manifest says.
 *
 * @param via the header that names the caches on the way, by which a loop is found
 */
export function createUpstreamFetch(origin: string, via: string): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const headers = new Headers(request.headers);
    headers.set('via', via);
    let url = new URL(request.url);
    for (let redirects = 0; redirects <= redirectLimit; redirects += 1) {
      requireAllowed(url, origin);
      const { method, signal } = request;
      const response = await fetch(url, { method, headers, signal, redirect: 'manual' });
      const location = response.headers.get('location');
      if (![301, 302, 303, 307, 308].includes(response.status) || location === null) {
        return url.pathname.includes('/blobs/') && response.ok ? response : bounded(response);
      }
      await response.body?.cancel();
      const next = new URL(location, url);
      if (next.origin !== url.origin) headers.delete('authorization');
      url = next;
    }
    throw new Error(`more than ${redirectLimit} redirects`);
  };
}

function requireAllowed(url: URL, origin: string): void {
  if (url.origin === origin) return;
  const isName = /[a-z]$/i.test(url.hostname) && !/(^|\.)localhost$/i.test(url.hostname);
  if (url.protocol === 'https:' && isName) return;
  throw new Error(`the upstream refers to ${url.origin}, which is not called`);
}

function bounded(response: Response): Response {
  const { status, headers, body } = response;
  if (body === null || status === 204 || status === 304) return response;
  let size = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      size += chunk.length;
      if (size <= manifestLimitBytes) controller.enqueue(chunk);
      else controller.error(new Error(`the answer has more than ${manifestLimitBytes} bytes`));
    },
  });
  return new Response(body.pipeThrough(limit), { status, headers });
}
