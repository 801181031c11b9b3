import { z } from 'zod';

/** What CloudFormation fills in for a stack's account and region. */
export interface PseudoParameters {
  readonly 'AWS::Partition': string;
  readonly 'AWS::Region': string;
  readonly 'AWS::AccountId': string;
  readonly 'AWS::URLSuffix': string;
}

/** Stands for what CloudFormation alone knows, such as the ARN of a key that the same stack makes. */
export const unknownText = '<known when deployed>';

/**
 * A value of a template with its pseudo parameters filled in. What no one but CloudFormation can tell becomes
 * {@link unknownText}.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export function resolve(value: unknown, pseudo: PseudoParameters): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => resolve(each, pseudo)).filter((each) => each !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name = '', argument] = entries[0] ?? [];
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
    return intrinsic(name, argument, pseudo);
  }
  return Object.fromEntries(
    entries
      .map(([key, each]) => [key, resolve(each, pseudo)] as const)
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
      return parts.map((part) => String(resolve(part, pseudo))).join(separator);
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
