import { placelessPath } from './third-party';

/** esbuild names modules by their place relative to the workspace, also those of packages that are linked from elsewhere. */
export function placelessText(text: string, inputs: readonly string[]): string {
  const prefixes = new Set(
    inputs
      .filter((file) => file.startsWith('../') && file !== placelessPath(file))
      .map((file) => file.slice(0, file.length - placelessPath(file).length)),
  );
  return [...prefixes].reduce((result, prefix) => result.replaceAll(prefix, ''), text);
}
