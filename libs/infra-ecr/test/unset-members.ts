import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The members that the SDK's documentation of an operation says the service does not use, such as `imageScanStatus`. */
export function unsetMembers(operation: string, shape: string): string[] {
  const sdk = path.dirname(require.resolve('@aws-sdk/client-ecr/package.json'));
  const documentation = readFileSync(
    path.join(sdk, `dist-types/commands/${operation}Command.d.ts`),
    'utf8',
  ).replaceAll(/\s*\n \*\s*/g, ' ');
  const sentences = documentation.match(/[^.]*doesn't use the [^.]*\./g) ?? [];
  return sentences.flatMap((sentence) =>
    [...sentence.matchAll(new RegExp(`<a>${shape}\\$(\\w+)</a>`, 'g'))].map(
      ([, member]) => member ?? '',
    ),
  );
}
