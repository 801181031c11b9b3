import { type Check, failed, passed, skipped } from '../check';
import { type Subject } from '../subject';

/** Something that every image has to keep to, whatever it runs. */
export interface Rule {
  readonly id: string;
  readonly fact: string;
  readonly remedy: string;
  /** What is wrong with the image, a line each; or why nobody can tell. */
  readonly broken: (subject: Subject) => Broken | Promise<Broken>;
}

type Broken = readonly string[] | { readonly skipped: string };

export async function checkRule(rule: Rule, subject: Subject): Promise<Check> {
  const broken = await rule.broken(subject);
  if ('skipped' in broken) return skipped(rule, broken.skipped);
  const found = [...new Set(broken)];
  return found.length === 0 ? passed(rule) : failed(rule, ...found);
}
