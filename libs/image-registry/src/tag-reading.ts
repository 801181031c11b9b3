import { isTag } from './tag';
import { type TagVariable, tagVariables } from './tag-template';

/** What a tag says, if a template made it. */
export interface TagReading {
  readonly values: Readonly<Partial<Record<TagVariable, string>>>;
  /** Whether it was made from uncommitted changes. */
  readonly dirty: boolean;
}

const text = '[A-Za-z0-9_.-]+?';

const patterns: Readonly<Record<TagVariable, string>> = {
  branch: text,
  gitTag: text,
  version: String.raw`\d+\.\d+\.\d+(?:-[A-Za-z0-9.-]+?)??`,
  sha7: '[0-9a-f]{7}',
  sha: '[0-9a-f]{7,64}',
  timestamp: String.raw`\d{8}T\d{6}Z`,
  environment: '[a-z]+',
  pr: String.raw`\d+`,
  run: String.raw`\d+`,
};

/** Bounds the steps of matching: a tag has 128 characters at most. */
const mostVariables = 3;

/** The inverse of `expandTagTemplate`: what a tag says; undefined if the template did not make it. */
export function readTag(template: string, tag: string): TagReading | undefined {
  if (!isTag(tag)) return undefined;
  const parts = template.split(/\{([^{}]*)\}/);
  const names = parts.filter((_, index) => index % 2 === 1);
  if (names.length > mostVariables || !names.every(isVariable)) return undefined;
  const source = parts.map((part, index) =>
    index % 2 === 1 ? `(${patterns[part as TagVariable]})` : escaped(part),
  );
  const match = new RegExp(`^${source.join('')}(-dirty)?$`).exec(tag);
  if (!match) return undefined;
  const found = names.map((name, index) => [name, match[index + 1] ?? ''] as const);
  const values = Object.fromEntries(found);
  // A variable that occurs twice has one value.
  if (found.some(([name, value]) => values[name] !== value)) return undefined;
  return { values, dirty: match.at(-1) !== undefined };
}

const isVariable = (name: string): name is TagVariable =>
  (tagVariables as readonly string[]).includes(name);

const escaped = (literal: string) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
