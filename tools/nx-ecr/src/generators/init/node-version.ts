import { readJson, type Tree } from '@nx/devkit';

/** The base images of the Dockerfile exist for these; Node's long-term support, oldest first. */
const supported = [20, 22, 24, 26] as const;
const newest = 26;

/**
 * The major version of Node that the workspace uses: that of .nvmrc or .node-version, else the newest one that `engines` of
 * package.json allows. The newest with long-term support if none is set.
 */
export function nodeMajor(tree: Tree): number {
  for (const file of ['.nvmrc', '.node-version']) {
    const major = Number(/^\s*v?(\d+)/.exec(tree.read(file, 'utf8') ?? '')?.[1]);
    if (major >= supported[0]) return major;
  }
  const { engines } = tree.exists('package.json')
    ? readJson<{ engines?: { node?: string } }>(tree, 'package.json')
    : {};
  return supported.findLast((major) => allows(engines?.node ?? '*', major)) ?? newest;
}

/** Whether a range of npm allows some version of a major; what it does not understand allows all. */
function allows(range: string, major: number): boolean {
  return range.split('||').some((alternative) =>
    [...alternative.matchAll(/(>=|<=|[<>^~=]?)\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/g)].every(
      ([, operator = '', first = '', second = '0', third = '0']) => {
        const bound = Number(first);
        if (operator === '<') return major < bound || (major === bound && second + third !== '00');
        if (operator === '<=') return major <= bound;
        if (operator === '>' || operator === '>=') return major >= bound;
        return major === bound;
      },
    ),
  );
}
