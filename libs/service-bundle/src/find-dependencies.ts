import { atThirdParty } from './at-third-party';
import { runPass, type Workshop } from './pass';
import { type Dependency, identityOf, keysOf, type UsedNames } from './reference';
import { References } from './references';
import { usedNames } from './used-names';

const prefix = 'dependency:';

/** Links our own code alone, to see what it uses of which package. */
export async function findDependencies(workshop: Workshop): Promise<readonly Dependency[]> {
  const { plan, ownCode } = workshop;
  const references = new References();
  const leaveOut = atThirdParty(plan.workspaceRoot, (reference) => ({
    path: `${prefix}${references.add(reference)}`,
    external: true,
  }));
  const { outputFiles, metafile } = await runPass(workshop, {
    entryPoints: [plan.main],
    outfile: 'scan.js',
    format: 'esm',
    banner: {},
    plugins: [...ownCode, leaveOut],
  });
  const used = new Map<string, UsedNames>(usedNames(outputFiles[0]?.text ?? ''));
  for (const { path, kind } of Object.values(metafile.outputs)[0]?.imports ?? []) {
    if (kind !== 'import-statement') used.set(path, 'all');
  }
  const keys = keysOf(references.all, plan.workspaceRoot);
  return references.all
    .flatMap((reference) => {
      const identity = identityOf(reference);
      const names = used.get(`${prefix}${identity}`);
      const key = keys.get(identity);
      return names && key ? [{ ...reference, key, names }] : [];
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}
