/** Why a line cannot be executed against ecr-local. */
export const reasons = ['on AWS'] as const;
export type Reason = (typeof reasons)[number];

/** One command of a page, with what the comment at its end states about it. */
export interface RunbookCommand {
  /** The line of the page, from 1. */
  readonly line: number;
  readonly heading: string;
  readonly command: string;
  /** Set if the command is not for ecr-local: `# [on AWS]`. */
  readonly reason?: Reason;
  /** Text that the output contains: `# => text`, several separated by ` … `. */
  readonly prints: readonly string[];
  /** Whether it is expected to fail: `# fails => text`. */
  readonly fails: boolean;
}

/**
 * The commands in the `sh` blocks of a page. A line that ends with a backslash goes on in the next one.
 *
 * @throws Error for a comment in brackets that is not one of `reasons`
 */
export function runbookCommands(markdown: string): RunbookCommand[] {
  const commands: RunbookCommand[] = [];
  let heading = '';
  let inBlock: string | undefined;
  let pending: { line: number; text: string } | undefined;
  for (const [index, text] of markdown.split('\n').entries()) {
    const fence = /^\s*```(\S*)/.exec(text);
    if (fence) {
      inBlock = inBlock === undefined ? (fence[1] ?? '') : undefined;
      continue;
    }
    if (inBlock === undefined) heading = /^#+\s+(.*)/.exec(text)?.[1] ?? heading;
    if (inBlock !== 'sh' || !text.trim() || /^\s*#/.test(text)) continue;
    pending = { line: pending?.line ?? index + 1, text: (pending?.text ?? '') + text.trim() };
    if (pending.text.endsWith('\\')) {
      pending.text = pending.text.slice(0, -1);
      continue;
    }
    commands.push({ line: pending.line, heading, ...parse(pending.text, pending.line) });
    pending = undefined;
  }
  return commands;
}

function parse(text: string, line: number) {
  const [, command = text, comment = ''] = /^(.*?\S)\s+# (.*)$/.exec(text) ?? [];
  const marker = /^\[(.+?)\]/.exec(comment)?.[1];
  const reason = reasons.find((each) => each === marker);
  if (marker !== undefined && !reason) {
    throw new Error(`line ${line}: unknown mark [${marker}]. Expected ${reasons.join(', ')}.`);
  }
  const [, fails, printed] = /^(fails )?=> (.*)$/.exec(comment) ?? [];
  return {
    command,
    ...(reason && { reason }),
    prints: printed?.split(' … ') ?? [],
    fails: fails !== undefined,
  };
}
