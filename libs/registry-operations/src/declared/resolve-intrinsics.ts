import * as z from 'zod';

/** CloudFormation's parameters of the account and region of a stack. */
export interface PseudoParameters {
  readonly 'AWS::Partition': string;
  readonly 'AWS::Region': string;
  readonly 'AWS::AccountId': string;
  readonly 'AWS::URLSuffix': string;
}

/** The placeholder of a value that only CloudFormation knows, such as the ARN of a key in the same stack. */
export const unknownText = '<known when deployed>';

/** Pseudo parameters of which nothing is known. */
export const unknownParameters: PseudoParameters = {
  'AWS::Partition': unknownText,
  'AWS::Region': unknownText,
  'AWS::AccountId': unknownText,
  'AWS::URLSuffix': unknownText,
};

/**
 * A value of a template with its pseudo parameters resolved. A value that only CloudFormation knows becomes
 * {@link unknownText}.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export function resolveIntrinsics(value: unknown, pseudo: PseudoParameters): unknown {
  if (Array.isArray(value)) {
    return value
      .map((each) => resolveIntrinsics(each, pseudo))
      .filter((each) => each !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name = '', argument] = entries[0] ?? [];
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
    return intrinsic(name, argument, pseudo);
  }
  return Object.fromEntries(
    entries
      .map(([key, each]) => [key, resolveIntrinsics(each, pseudo)] as const)
      .filter(([, each]) => each !== undefined),
  );
}

const joinSchema = z.tuple([z.string(), z.array(z.unknown())]);

function intrinsic(name: string, argument: unknown, pseudo: PseudoParameters): unknown {
  switch (name) {
    case 'Ref':
      return reference(String(argument), pseudo);
    case 'Fn::Join': {
      const join = joinSchema.safeParse(argument);
      if (!join.success) return unknownText;
      const [separator, parts] = join.data;
      return parts.map((part) => String(resolveIntrinsics(part, pseudo))).join(separator);
    }
    case 'Fn::Sub':
      if (typeof argument !== 'string') return unknownText;
      return argument.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, variable: string) =>
        literal ? `\${${variable}}` : String(reference(variable, pseudo) ?? ''),
      );
    default:
      return unknownText;
  }
}

function reference(name: string, pseudo: PseudoParameters): unknown {
  if (name === 'AWS::NoValue') return undefined;
  return name in pseudo ? pseudo[name as keyof PseudoParameters] : unknownText;
}
