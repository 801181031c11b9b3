import { excerpt } from './excerpt';
import { isTag, TagError, tagRule } from './tag';

/** What a template may name in braces. */
export const tagVariables = [
  'branch',
  'pr',
  'version',
  'gitTag',
  'sha7',
  'sha',
  'timestamp',
  'environment',
  'run',
] as const;

export type TagVariable = (typeof tagVariables)[number];

export type TagValues = Readonly<Partial<Record<TagVariable, string>>>;

/** Name a commit or a release: from uncommitted changes, such a tag is marked. */
const ofContent: readonly TagVariable[] = ['version', 'gitTag', 'sha7', 'sha'];
/** Name the push itself. */
const ofPush: readonly TagVariable[] = ['timestamp', 'run'];

const variable = /\{([^{}]*)\}/g;

const variableList = tagVariables.map((name) => `{${name}}`).join(', ');

export const tagTemplateRule = `the text of a tag, with any of ${variableList}`;

/** Letters, digits, "_", "." and "-", and known variables in braces. */
export const tagTemplatePattern = new RegExp(
  String.raw`^(?:[a-zA-Z0-9_.-]|\{(?:${tagVariables.join('|')})\})+$`,
);

export interface ExpandedTag {
  readonly tag: string;
  /** Whether it goes from image to image, as that of a branch does. */
  readonly moving: boolean;
  /** Whether it names the push and nothing of the image. */
  readonly passing: boolean;
}

/** What is known of a valid template before it is expanded. */
export interface TagTemplateDescription {
  /** What is before its first variable. */
  readonly literal: string;
  readonly variable?: TagVariable;
  /** Whether its tags are of a branch, a pull request or an environment alone: they move, and end. */
  readonly comesAndGoes: boolean;
}

export function describeTagTemplate(template: string): TagTemplateDescription {
  const names = [...template.matchAll(variable)].map(([, name]) => name as TagVariable);
  const isFixed = names.some((name) => ofContent.includes(name) || ofPush.includes(name));
  const [literal = ''] = template.split('{', 1);
  return { literal, variable: names[0], comesAndGoes: names.length > 0 && !isFixed };
}

/** A template that names what this push does not have. */
export interface SkippedTemplate {
  readonly template: string;
  readonly missing: TagVariable;
}

/**
 * The tag that a template makes of the values. It is fixed if it names a commit, a release or a push, otherwise moving.
 * @throws TagError TAG_TEMPLATE_INVALID, TAG_NAME_INVALID
 */
export function expandTagTemplate(
  template: string,
  values: TagValues,
  dirty: boolean,
): ExpandedTag | SkippedTemplate {
  if (!tagTemplatePattern.test(template)) {
    throw new TagError(
      'TAG_TEMPLATE_INVALID',
      `Invalid tag template "${excerpt(template)}". Expected ${tagTemplateRule}.`,
    );
  }
  const names = [...template.matchAll(variable)].map(([, name]) => name as TagVariable);
  const missing = names.find((name) => !values[name]);
  if (missing) return { template, missing };
  const namesContent = names.some((name) => ofContent.includes(name));
  const text = template.replace(variable, (_, name: TagVariable) => values[name] ?? '');
  const tag = dirty && namesContent ? `${text}-dirty` : text;
  if (!isTag(tag)) throw illegal(template, tag);
  const namesPush = names.some((name) => ofPush.includes(name));
  return { tag, moving: !namesContent && !namesPush, passing: namesPush && !namesContent };
}

const illegal = (template: string, tag: string) =>
  new TagError(
    'TAG_NAME_INVALID',
    `The tag template "${excerpt(template)}" produces the invalid tag "${excerpt(tag)}". Expected ${tagRule}.\nFix: change the template or the value it names.`,
  );
