/** The part of a resource that its generated name is made of. */
interface Named {
  readonly stackName: string;
  readonly logicalId: string;
}

/** `<stack>-<logical id>-<12 random characters>`, cut to 64 characters as CloudFormation does. */
export function generatedName({ stackName, logicalId }: Named, newId: () => string): string {
  const suffix = newId().replaceAll('-', '').slice(0, 12);
  const room = 64 - suffix.length - 2;
  const stack = stackName.slice(0, Math.max(room - logicalId.length, Math.floor(room / 2)));
  return `${stack}-${logicalId.slice(0, room - stack.length)}-${suffix}`;
}
