import { existsSync } from 'node:fs';
import path from 'node:path';
import { anchors, localLinks, longLines } from './markdown';
import { readFile, workspaceFiles, workspaceRoot } from './workspace-files';

const files = workspaceFiles(/\.md$/);
const readmes = files.filter((file) => /(^|\/)README\.md$|^tools\/pack\/src\/readme\//.test(file));

describe.each(files)('%s', (file) => {
  const text = readFile(file);

  it('links to files and headings that exist', () => {
    expect(localLinks(text).filter((link) => !leadsSomewhere(file, link))).toEqual([]);
  });

  it('has no line of prose above 120 characters', () => {
    expect(longLines(text, 120)).toEqual([]);
  });
});

describe('READMEs', () => {
  it.each(readmes)('%s has at most 120 lines', (file) => {
    expect(readFile(file).trimEnd().split('\n').length).toBeLessThanOrEqual(120);
  });
});

describe('docs/adr/README.md', () => {
  it('lists each decision', () => {
    const adrs = files.flatMap((file) => /^docs\/adr\/(\d{4}.*)/.exec(file)?.[1] ?? []);
    const links = new Set(localLinks(readFile('docs/adr/README.md')));
    expect(adrs.filter((file) => !links.has(file))).toEqual([]);
  });
});

function leadsSomewhere(from: string, link: string): boolean {
  const [target = '', anchor] = decodeURI(link).split('#');
  const file = target ? path.join(path.dirname(from), target) : from;
  if (!existsSync(path.join(workspaceRoot, file))) return false;
  return !anchor || !file.endsWith('.md') || anchors(readFile(file)).includes(anchor);
}
