import { type SourceFile } from './app-sources';

const portPatterns = [
  /\bPORT\b['"\])]*\s*(?:\?\?|\|\|)\s*['"]?(\d{2,5})\b/,
  // As Nx generates it: `process.env.PORT ? Number(process.env.PORT) : 3000`.
  /\bPORT\b['"\])]*\s*\?[^?:;]*:\s*['"]?(\d{2,5})\b/,
  /\.listen\(\s*(\d{2,5})\b/,
  // Not a property: it may be the port of a database.
  /\b(?:const|let|var)\s+port\s*=\s*['"]?(\d{2,5})\b/i,
];

/** The default port of an app. */
export function findPort(sources: readonly SourceFile[]): number | undefined {
  for (const pattern of portPatterns) {
    for (const { text } of sources) {
      const port = Number(pattern.exec(text)?.[1]);
      if (port >= 1 && port <= 65_535) return port;
    }
  }
  return undefined;
}

/** Likeliest first. Liveness precedes readiness: a container must not be restarted because it waits for a dependency. */
const healthPaths = [
  '/health/live',
  '/health/liveness',
  '/healthz',
  '/livez',
  '/health',
  '/api/health',
  '/live',
  '/healthcheck',
  '/ping',
  '/status',
];

/** The liveness route of an app. */
export function findHealth(sources: readonly SourceFile[]): string | undefined {
  const path = healthPaths.find((one) =>
    sources.some(({ text }) =>
      [`'${one}'`, `"${one}"`, `\`${one}\``].some((literal) => text.includes(literal)),
    ),
  );
  return path ?? findRootOfNest(sources) ?? findRootRoute(sources);
}

/** The route `/` of an Express or Fastify app: one that Nx generates has no other. */
function findRootRoute(sources: readonly SourceFile[]): string | undefined {
  const hasRoot = sources.some(({ text }) =>
    /\b(?:app|server|fastify)\.get\(\s*(['"`])\/\1\s*,/.test(text),
  );
  return hasRoot ? '/' : undefined;
}

/** The route of a Nest controller without a path, below the prefix of all: an app that Nx generates has no other. */
function findRootOfNest(sources: readonly SourceFile[]): string | undefined {
  const hasRoot = sources.some(
    ({ text }) => /@Controller\(\s*\)/.test(text) && /@Get\(\s*\)/.test(text),
  );
  if (!hasRoot) return undefined;
  const prefixed = sources.find(({ text }) => text.includes('.setGlobalPrefix('));
  if (!prefixed) return '/';
  const { text } = prefixed;
  const [, literal, name] =
    /\.setGlobalPrefix\(\s*(?:['"`]([\w/-]+)['"`]|(\w+))\s*[,)]/.exec(text) ?? [];
  const constant =
    name && new RegExp(`\\bconst\\s+${name}\\s*=\\s*['"\`]([\\w/-]+)['"\`]`).exec(text);
  const prefix = literal ?? (constant ? constant[1] : undefined);
  return prefix === undefined ? undefined : `/${prefix.replace(/^\/|\/$/g, '')}`;
}

/** Whether an app reads its port from the environment variable that the image sets. */
export const readsPort = (sources: readonly SourceFile[]) =>
  sources.some(({ text }) => /\bPORT\b/.test(text));

/** Whether an app, itself or by a usual library, does something on the signal that stops its container. */
export const handlesStopSignal = (sources: readonly SourceFile[]) =>
  sources.some(({ text }) =>
    /SIGTERM|\benableShutdownHooks\b|['"`](?:close-with-grace|signal-exit|http-graceful-shutdown|@godaddy\/terminus|lightship|stoppable)['"`]/.test(
      text,
    ),
  );

/** Whether an app listens only on loopback, where it is unreachable from outside its container. */
export const listensOnLoopback = (sources: readonly SourceFile[]) =>
  sources.some(({ text }) => /\.listen\([^)]*['"`](?:127\.0\.0\.1|localhost|::1)['"`]/.test(text));
