import { readJson, readNxJson, type Tree } from '@nx/devkit';

/** Conventions of a workspace that a new project has to follow. */
export interface WorkspaceStyle {
  /** Whether a project is declared in its own package.json; if not, in project.json, with all dependencies in the root. */
  readonly packages: boolean;
  /** The configuration that tsconfig.json extends. */
  readonly baseConfig?: string;
  /** Under which packages of the workspace export their sources: `customConditions` of tsconfig.base.json. */
  readonly conditions: readonly string[];
  /** Whether jest.preset.js supports TypeScript and the test suffixes of a service. */
  readonly jestPreset: boolean;
  /** Whether a plugin infers these targets from the files of a service. */
  readonly inferred: { readonly test: boolean; readonly typecheck: boolean };
  /** Whether `targetDefaults` of nx.json say how a project with a target `lint` is linted. */
  readonly lintsByDefault: boolean;
}

interface RootPackage {
  readonly workspaces?: unknown;
  readonly license?: string;
}

export function workspaceStyle(tree: Tree): WorkspaceStyle {
  const nxJson = readNxJson(tree);
  const plugins = (nxJson?.plugins ?? []).map((each) =>
    typeof each === 'string' ? each : each.plugin,
  );
  return {
    packages: Boolean(rootPackage(tree).workspaces) || tree.exists('pnpm-workspace.yaml'),
    baseConfig: usableBase(tree),
    conditions: customConditions(tree),
    jestPreset: usablePreset(tree),
    inferred: {
      test: plugins.includes('@nx/jest/plugin'),
      typecheck: plugins.includes('@nx/js/typescript'),
    },
    lintsByDefault: nxJson?.targetDefaults?.['lint'] !== undefined,
  };
}

export const rootPackage = (tree: Tree): RootPackage =>
  tree.exists('package.json') ? readJson<RootPackage>(tree, 'package.json') : {};

function customConditions(tree: Tree): readonly string[] {
  if (!tree.exists('tsconfig.base.json')) return [];
  const { compilerOptions } = readJson<{ compilerOptions?: { customConditions?: string[] } }>(
    tree,
    'tsconfig.base.json',
  );
  return compilerOptions?.customConditions ?? [];
}

/** Imports of the code have no extensions, which requires the module resolution of a bundler. */
function usableBase(tree: Tree): string | undefined {
  const file = 'tsconfig.base.json';
  const text = tree.read(file, 'utf8') ?? '';
  return /"moduleResolution"\s*:\s*"bundler"/i.test(text) ? file : undefined;
}

/** Whether it compiles with swc, finds `.unit.test.ts` and `.int.test.ts`, and compiles Nest, which has only ES modules. */
function usablePreset(tree: Tree): boolean {
  const text = tree.read('jest.preset.js', 'utf8') ?? '';
  return ['@swc/jest', '(unit|int).test', '@nestjs'].every((part) => text.includes(part));
}
