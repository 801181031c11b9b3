import { compile, pack } from './pack';
import { type PackageName, packages } from './package-definition';

const usage = `usage: main.ts <command> <package>, in the workspace root

commands
  compile   compile the package into its folder dist, from which Nx loads it
  pack      pack the package for other workspaces, into dist/packages

packages
  ${Object.keys(packages).join('\n  ')}
`;

async function main([command, name = '']: readonly string[]): Promise<number> {
  if (!Object.hasOwn(packages, name)) return fail();
  const definition = packages[name as PackageName];
  switch (command) {
    case 'compile':
      await compile(process.cwd(), definition);
      return 0;
    case 'pack':
      process.stdout.write(`${await pack(process.cwd(), definition)}\n`);
      return 0;
    default:
      return fail();
  }
}

function fail(): number {
  process.stderr.write(usage);
  return 64;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
