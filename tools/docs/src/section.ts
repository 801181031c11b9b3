import { readFile } from './workspace-files';

/** A part of a page that is generated, between two comments. */
export interface Section {
  /** Relative to the workspace. */
  readonly file: string;
  readonly name: string;
}

export function readSection(section: Section): string {
  const page = readFile(section.file);
  const [from, to] = positions(page, section);
  return page.slice(from, to).trim();
}

/** The page with another text in the section. */
export function replaceSection(section: Section, text: string): string {
  const page = readFile(section.file);
  const [from, to] = positions(page, section);
  return `${page.slice(0, from)}\n\n${text}\n\n${page.slice(to)}`;
}

function positions(page: string, { file, name }: Section): readonly [number, number] {
  const start = `<!-- ${name}: written by \`npx nx run docs:tables\` -->`;
  const end = `<!-- end of ${name} -->`;
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} lacks the markers ${start} and ${end}.`);
  return [from + start.length, to];
}

/** A table without the padding of columns, which prettier adds. */
export const withoutPadding = (table: string): string =>
  table.replace(/-{2,}/g, '-').replace(/ {2,}/g, ' ');
