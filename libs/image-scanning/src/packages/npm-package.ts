import * as z from 'zod';
import { type ListedPackage } from './installed-package';

const packageSchema = z.object({ name: z.string(), version: z.string() });

/** The package of a `node_modules/<name>/package.json`; none for the package.json of a folder in a package. */
export function parsePackageJson(content: unknown): ListedPackage[] {
  const { data } = packageSchema.safeParse(content);
  return data ? [{ type: 'npm', ...data }] : [];
}

const bundleSchema = z.object({
  main: z.string(),
  packages: z.array(packageSchema),
  outputs: z.array(z.unknown()),
});

/** The packages of a bundle.json, which service-bundle writes. */
export function parseBundle(content: unknown): ListedPackage[] {
  const { data } = bundleSchema.safeParse(content);
  return (data?.packages ?? []).map(({ name, version }) => ({ type: 'npm', name, version }));
}
