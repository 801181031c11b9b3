import path from 'node:path';
import { type Request, type Response, Router } from 'express';
import { type PageFile, readPageFiles } from './page-files';
import { securityHeaders } from './security-headers';

export interface PageRoutesOptions {
  /** What the build of the page wrote. */
  folder: string;
}

const yearMs = 365 * 24 * 60 * 60 * 1_000;

/** What the page itself routes: its addresses lead to index.html, so that they can be bookmarked and reloaded. */
const addresses = ['/', '/race', '/race/:code', '/leaderboards', '/players/:playerId'];

/**
 * The page. Files below /assets/ have the hash of their content in their name and are cached for ever; all others are
 * revalidated at each use.
 */
export function pageRoutes({ folder }: PageRoutesOptions): Router {
  const files = readPageFiles(folder);
  const router = Router();
  router.use(securityHeaders);
  // HEAD is answered by the handler of GET.
  router.get(addresses, (_request, response, next) => {
    const index = files.get('/index.html');
    if (index) send(response, folder, index);
    else next();
  });
  router.get('/{*path}', (request, response, next) => {
    const file = files.get(request.path);
    if (file) send(response, folder, file, { immutable: request.path.startsWith('/assets/') });
    else next();
  });
  router.get('/{*path}', (request, response, next) => {
    const index = files.get('/index.html');
    // The page says that there is nothing, and what there is. A program gets the error as JSON.
    if (index && isNavigation(request)) send(response.status(404), folder, index);
    else next();
  });
  return router;
}

/** Whether a browser follows a link or a typed address, rather than a page requests a file. */
function isNavigation(request: Request): boolean {
  return request.accepts(['json', 'html']) === 'html' && path.extname(request.path) === '';
}

function send(
  response: Response,
  folder: string,
  { extension, representations }: PageFile,
  { immutable = false }: { immutable?: boolean } = {},
): void {
  const { req: request } = response;
  response.vary('Accept-Encoding');
  const acceptable = [...representations].find(([coding]) => request.acceptsEncodings(coding));
  if (!acceptable) {
    response.sendStatus(406);
    return;
  }
  const [coding, { file, etag }] = acceptable;
  response.type(extension).set('etag', etag);
  if (coding !== 'identity') response.set('content-encoding', coding);
  if (!immutable) response.set('cache-control', 'no-cache');
  // The times of files in an image are all the same.
  const caching = { lastModified: false, immutable, maxAge: immutable ? yearMs : 0 };
  response.sendFile(file, { root: folder, ...caching }, (error?: unknown) => {
    if (!error || response.headersSent) return;
    for (const header of headersOfFiles) response.removeHeader(header);
    request.next?.(error);
  });
}

/** They do not describe the error that is sent instead. */
const headersOfFiles = ['cache-control', 'content-encoding', 'content-type', 'etag'];
