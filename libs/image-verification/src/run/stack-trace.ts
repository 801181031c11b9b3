const frame =
  /(^|\n|\\n)\s+at (async )?([^\n]+ \()?(file:\/\/|node:|\/|[\w.-]+\/)?[^\s()]*:\d+:\d+\)?/;

/** The line before the first stack frame in what a program has logged, plain or inside JSON; undefined where there is none. */
export function findStackTrace(logs: string): string | undefined {
  const found = frame.exec(logs);
  if (!found) return undefined;
  const before = logs.slice(0, found.index).split('\n').at(-1) ?? '';
  return before.slice(0, 200) || found[0].trim();
}
