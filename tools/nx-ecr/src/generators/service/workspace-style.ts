import { readJson, readNxJson, type Tree } from '@nx/devkit';

/** How a workspace does things, as far as a new project has to follow. */
export interface WorkspaceStyle {
  /** A project is a package of its own, declared in package.json. Else it is declared in project.json, and the root holds all packages. */
  readonly packages: boolean;
  /** What tsconfig.json extends: a base that a service can be built with. */
  readonly baseConfig?: string;
  /** Whether jest.preset.js runs TypeScript by the suffixes that a service's tests have. */
  readonly jestPreset: boolean;
  /** Targets that some plugin infers from the files that a service brings. */
  readonly inferred: { readonly test: boolean; readonly typecheck: boolean };
}

interface RootPackage {
  readonly workspaces?: unknown;
  readonly license?: string;
}

export function workspaceStyle(tree: Tree): WorkspaceStyle {
  const plugins = (readNxJson(tree)?.plugins ?? []).map((each) =>
    typeof each === 'string' ? each : each.plugin,
  );
  return {
    packages: Boolean(rootPackage(tree).workspaces) || tree.exists('pnpm-workspace.yaml'),
    baseConfig: usableBase(tree),
    jestPreset: usablePreset(tree),
    inferred: {
      test: plugins.includes('@nx/jest/plugin'),
      typecheck: plugins.includes('@nx/js/typescript'),
    },
  };
}

export const rootPackage = (tree: Tree): RootPackage =>
  tree.exists('package.json') ? readJson<RootPackage>(tree, 'package.json') : {};

/** The code has imports without endings, which only a bundler resolves. */
function usableBase(tree: Tree): string | undefined {
  const file = 'tsconfig.base.json';
  const text = tree.read(file, 'utf8') ?? '';
  return /"moduleResolution"\s*:\s*"bundler"/i.test(text) ? file : undefined;
}

/** One that compiles with swc, finds `.unit.test.ts` and `.int.test.ts`, and compiles Nest, which ships ES modules alone. */
function usablePreset(tree: Tree): boolean {
  const text = tree.read('jest.preset.js', 'utf8') ?? '';
  return ['@swc/jest', '(unit|int).test', '@nestjs'].every((part) => text.includes(part));
}
