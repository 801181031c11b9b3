export interface CodeBlock {
  readonly language: string;
  readonly text: string;
}

interface Line {
  readonly text: string;
  /** The language of the code block that the line belongs to; its fences belong to it too. */
  readonly block?: string;
}

/** Front matter and HTML count as prose. */
function linesOf(markdown: string): readonly Line[] {
  let fence: { readonly mark: string; readonly language: string } | undefined;
  return markdown.split('\n').map((text) => {
    const found = /^\s*(`{3,}|~{3,})(\S*)/.exec(text);
    if (fence) {
      const line = { text, block: fence.language };
      if (found?.[1]?.startsWith(fence.mark) && !found[2]) fence = undefined;
      return line;
    }
    if (!found) return { text };
    fence = { mark: found[1] ?? '', language: found[2] ?? '' };
    return { text, block: fence.language };
  });
}

const withoutCode = (markdown: string): readonly string[] =>
  linesOf(markdown).map(({ text, block }) => (block === undefined ? text : ''));

/** Numbers and lengths of lines of prose that are longer; tables and code cannot be wrapped. */
export const longLines = (markdown: string, limit: number): readonly string[] =>
  withoutCode(markdown).flatMap((text, index) =>
    [...text].length > limit && !/^\s*\|/.test(text)
      ? [`line ${index + 1} has ${[...text].length} characters`]
      : [],
  );

/** Targets of links and images to other files and headings of this workspace. */
export function localLinks(markdown: string): readonly string[] {
  const text = withoutCode(markdown)
    .join('\n')
    .replace(/`[^`\n]*`/g, '');
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)[^)]*\)/g)];
  const references = [...text.matchAll(/^\s*\[[^\]]+\]:\s*(\S+)/gm)];
  return [...inline, ...references]
    .map(([, target]) => target ?? '')
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/** The anchors that GitHub gives to headings: https://docs.github.com/get-started/writing-on-github */
export function anchors(markdown: string): readonly string[] {
  const seen = new Map<string, number>();
  return withoutCode(markdown).flatMap((line) => {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading === undefined) return [];
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return [count ? `${slug}-${count}` : slug];
  });
}

/**
 * Examples in TypeScript. A comment `<!-- ts: ... -->` right before a block declares what the reader knows from the text and
 * the compiler does not.
 */
export function examples(markdown: string): readonly string[] {
  const pattern = /(?:<!-- ts:([\s\S]*?)-->\s*)?^```ts\n([\s\S]*?)^```$/gm;
  return [...markdown.matchAll(pattern)].map(
    ([, declarations = '', code = '']) => `${declarations.trim()}\n${code}\nexport {};\n`,
  );
}
