import { type Check, failed, passed, type Rule, skipped } from '../check';
import { type ImageToVerify } from '../image-to-verify';
import { configRules } from './config-rules';
import { fileRules } from './file-rules';

/** Checks an image without running it. */
export async function checkImage(image: ImageToVerify): Promise<Check[]> {
  const checks = [];
  for (const rule of [...configRules, ...fileRules]) checks.push(await checkRule(rule, image));
  return checks;
}

async function checkRule(rule: Rule, image: ImageToVerify): Promise<Check> {
  const problems = await rule.problems(image);
  if ('skipped' in problems) return skipped(rule, problems.skipped);
  const distinct = [...new Set(problems)];
  return distinct.length === 0 ? passed(rule) : failed(rule, ...distinct);
}
