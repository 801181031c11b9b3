import { type SourceFile } from './app-sources';

const portPatterns = [
  /\bPORT\b['"\])]*\s*(?:\?\?|\|\|)\s*['"]?(\d{2,5})\b/,
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
  return healthPaths.find((path) =>
    sources.some(({ text }) =>
      [`'${path}'`, `"${path}"`, `\`${path}\``].some((literal) => text.includes(literal)),
    ),
  );
}

/** Whether an app reads its port from the environment variable that the image sets. */
export const readsPort = (sources: readonly SourceFile[]) =>
  sources.some(({ text }) => /\bPORT\b/.test(text));

/** Whether an app listens only on loopback, where it is unreachable from outside its container. */
export const listensOnLoopback = (sources: readonly SourceFile[]) =>
  sources.some(({ text }) => /\.listen\([^)]*['"`](?:127\.0\.0\.1|localhost|::1)['"`]/.test(text));
