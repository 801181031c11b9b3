import { type OnResolveArgs, type Plugin, type PluginBuild } from 'esbuild';
import { isStrict } from './module-mode';
import { type Reference } from './reference';
import { isThirdParty } from './third-party';

interface Answer {
  readonly path: string;
  readonly namespace?: string;
  readonly external?: boolean;
}

const beingResolved = Symbol('being resolved');

/**
 * Stands where our own code meets third-party code, and lets `answer` say what a reference becomes.
 * What cannot be resolved, Node's own modules and externals are left to esbuild.
 */
export const atThirdParty = (
  workspaceRoot: string,
  answer: (reference: Reference) => Answer,
): Plugin => ({
  name: 'at-third-party',
  setup(build) {
    build.onResolve({ filter: /^[^./]|node_modules/ }, async (args) => {
      if (!isQuestion(args)) return undefined;
      const found = await resolve(build, args);
      if (!found || !isThirdParty(workspaceRoot, found.path)) return undefined;
      const reference = {
        specifier: args.path,
        style: args.kind === 'require-call' ? 'require' : 'import',
        strict: args.kind !== 'require-call' && (await isStrict(args.importer)),
        file: found.path,
        from: args.resolveDir,
      } as const;
      return { ...answer(reference), sideEffects: found.sideEffects };
    });
  },
});

const isQuestion = ({ pluginData, namespace, kind }: OnResolveArgs) =>
  pluginData !== beingResolved &&
  namespace === 'file' &&
  ['import-statement', 'dynamic-import', 'require-call'].includes(kind);

async function resolve(build: PluginBuild, args: OnResolveArgs) {
  const { path, kind, importer, namespace, resolveDir } = args;
  const options = { kind, importer, namespace, resolveDir, pluginData: beingResolved };
  const found = await build.resolve(path, options);
  return found.errors.length > 0 || found.external ? undefined : found;
}
