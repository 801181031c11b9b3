import { parseAs } from '@typerush/pipeline-context';
import * as z from 'zod';
import { type ImageToVerify } from '../image-to-verify';
import { type ImageFile } from '../layers/read-layer';

/** https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json: versions 2 and 3 */
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      name: z.string().optional(),
      version: z.string().optional(),
      dev: z.boolean().optional(),
    }),
  ),
});
const packageSchema = z.object({ name: z.string(), version: z.string() });

/** Packages in the bundle or in a copied `node_modules` that the lock file lists only for development. */
export function developmentPackages({ files, bundled, lockFile }: ImageToVerify) {
  const development = lockFile === undefined ? undefined : onlyForDevelopment(lockFile);
  if (!development) {
    return {
      skipped: 'packages for development are unknown: there is no readable package-lock.json',
    };
  }
  const inside = [...(bundled ?? []), ...files.flatMap(copiedPackage)];
  if (!bundled && inside.length === 0) {
    return { skipped: 'packages in the image are unknown: the build wrote no bundle.json' };
  }
  return inside.filter((name) => development.has(name)).sort();
}

/** `name@version` of the packages that are only for development. */
function onlyForDevelopment(text: string): ReadonlySet<string> | undefined {
  const lock = parseAs(lockSchema, text);
  if (!lock) return undefined;
  const entries = Object.entries(lock.packages).map(([place, { name, version, dev }]) => ({
    id: `${name ?? place.split('node_modules/').at(-1)}@${version}`,
    dev: dev === true,
  }));
  const needed = new Set(entries.filter(({ dev }) => !dev).map(({ id }) => id));
  return new Set(entries.filter(({ dev, id }) => dev && !needed.has(id)).map(({ id }) => id));
}

function copiedPackage({ path, content }: ImageFile): string[] {
  if (!/\/node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path)) return [];
  const found = parseAs(packageSchema, content.toString());
  return found ? [`${found.name}@${found.version}`] : [];
}
