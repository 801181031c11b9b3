import { pack } from './pack';
import { type PackageName, packages } from './package-definition';

/** `tsx main.ts <package>`, in the workspace's root. */
async function main(name = ''): Promise<void> {
  if (!Object.hasOwn(packages, name)) {
    throw new Error(`There is no package "${name}": ${Object.keys(packages).join(' or ')}.`);
  }
  process.stdout.write(`${await pack(process.cwd(), packages[name as PackageName])}\n`);
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
