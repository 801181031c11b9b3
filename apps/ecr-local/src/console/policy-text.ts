import { type LifecyclePolicy, type LifecycleRule } from '@typerush/image-registry';

/** The first and last line of each rule in the text, from 0, by its priority. */
export function linesOfRules(text: string): ReadonlyMap<number, readonly [number, number]> {
  const lines = new Map<number, readonly [number, number]>();
  let depth = 0;
  let start = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inText) {
      if (character === '\\') at += 1;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '{' || character === '[') {
      depth += 1;
      // { "rules": [ { of a rule
      if (depth === 3) start = at;
    } else if (character === '}' || character === ']') {
      if (depth === 3) {
        const priority = priorityOf(text.slice(start, at + 1));
        if (priority !== undefined) lines.set(priority, [lineOf(text, start), lineOf(text, at)]);
      }
      depth -= 1;
    }
  }
  return lines;
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length - 1;

function priorityOf(rule: string): number | undefined {
  try {
    const { rulePriority } = JSON.parse(rule) as { readonly rulePriority?: unknown };
    return typeof rulePriority === 'number' ? rulePriority : undefined;
  } catch {
    return undefined;
  }
}

export const policyText = (policy: unknown): string => JSON.stringify(policy, null, 2);

/** Gives each entry of the lists of these rules a rule of its own, and the rules new priorities in the same order. */
export function splitLists(policy: LifecyclePolicy, priorities: ReadonlySet<number>) {
  const ordered = [...policy.rules].sort((one, other) => one.rulePriority - other.rulePriority);
  const split = ordered.flatMap((rule) =>
    priorities.has(rule.rulePriority) ? rulesOfEntries(rule) : [rule],
  );
  return { ...policy, rules: split.map((rule, at) => ({ ...rule, rulePriority: at + 1 })) };
}

function rulesOfEntries(rule: LifecycleRule): readonly LifecycleRule[] {
  const { selection } = rule;
  const key = 'tagPrefixList' in selection ? 'tagPrefixList' : 'tagPatternList';
  const entries = (selection as Partial<Record<typeof key, readonly string[]>>)[key] ?? [];
  return entries.map((entry) => ({ ...rule, selection: { ...selection, [key]: [entry] } }));
}

/** A resource of Terraform. Its templates begin with ${ and %{. */
export function asTerraform(repositoryName: string, text: string): string {
  const literal = text.replace(/([$%])\{/g, '$1$1{').replace(/^/gm, '    ');
  return [
    `resource "aws_ecr_lifecycle_policy" "${repositoryName.replace(/\W/g, '_')}" {`,
    `  repository = ${JSON.stringify(repositoryName)}`,
    '  policy     = <<-JSON',
    literal,
    '  JSON',
    '}',
  ].join('\n');
}

/** A resource of the CDK: JSON is an object literal of TypeScript too. */
export function asCdk(repositoryName: string, text: string): string {
  return [
    "import { CfnRepository } from 'aws-cdk-lib/aws-ecr';",
    '',
    "new CfnRepository(this, 'Repository', {",
    `  repositoryName: ${JSON.stringify(repositoryName)},`,
    '  lifecyclePolicy: {',
    `    lifecyclePolicyText: JSON.stringify(${text.replace(/\n/g, '\n    ')}),`,
    '  },',
    '});',
  ].join('\n');
}
