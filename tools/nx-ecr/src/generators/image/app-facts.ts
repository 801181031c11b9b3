import { type SourceFile } from './app-sources';

const portPatterns = [
  /\bPORT\b['"\])]*\s*(?:\?\?|\|\|)\s*['"]?(\d{2,5})\b/,
  /\.listen\(\s*(\d{2,5})\b/,
  // Not any property: that of a database is called so too.
  /\b(?:const|let|var)\s+port\s*=\s*['"]?(\d{2,5})\b/i,
];

/** The port that an app listens on where nothing tells it otherwise. */
export function findPort(sources: readonly SourceFile[]): number | undefined {
  for (const pattern of portPatterns) {
    for (const { text } of sources) {
      const port = Number(pattern.exec(text)?.[1]);
      if (port >= 1 && port <= 65_535) return port;
    }
  }
  return undefined;
}

/** The likeliest first: a container is to be restarted when it is dead, not when it waits for something. */
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

/** The route that tells whether an app is alive. */
export function findHealth(sources: readonly SourceFile[]): string | undefined {
  return healthPaths.find((path) =>
    sources.some(({ text }) =>
      [`'${path}'`, `"${path}"`, `\`${path}\``].some((literal) => text.includes(literal)),
    ),
  );
}

/** Whether an app takes its port from the environment, where the image sets it. */
export const readsPort = (sources: readonly SourceFile[]) =>
  sources.some(({ text }) => /\bPORT\b/.test(text));

/** Whether an app listens on loopback alone: nothing outside of its container would reach it. */
export const listensOnLoopback = (sources: readonly SourceFile[]) =>
  sources.some(({ text }) => /\.listen\([^)]*['"`](?:127\.0\.0\.1|localhost|::1)['"`]/.test(text));
