import { type Check, failed, passed, skipped } from '../check';
import { type Subject } from '../subject';
import { configRules } from './config-rules';
import { fileRules } from './file-rules';
import { type Rule } from './rule';

/** Holds an image to every rule, without running it. */
export async function checkImage(subject: Subject): Promise<Check[]> {
  const checks = [];
  for (const rule of [...configRules, ...fileRules]) checks.push(await checkRule(rule, subject));
  return checks;
}

async function checkRule(rule: Rule, subject: Subject): Promise<Check> {
  const broken = await rule.broken(subject);
  if ('skipped' in broken) return skipped(rule, broken.skipped);
  const found = [...new Set(broken)];
  return found.length === 0 ? passed(rule) : failed(rule, ...found);
}
