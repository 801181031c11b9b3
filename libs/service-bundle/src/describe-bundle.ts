import { type Bundle } from './bundle-file';

const kilobytes = (bytes: number) => `${Math.max(1, Math.round(bytes / 1_000))} kB`;

/** What the bundle holds, for people. */
export function describeBundle(
  { packages, own, outputs, external }: Bundle,
  folder: string,
): string {
  const sum = (prefix: string) =>
    outputs
      .filter(({ file }) => file.startsWith(prefix))
      .reduce((total, { bytes }) => total + bytes, 0);
  const names = packages.map(({ name }) => name);
  const twice = [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
  return [
    `${folder}`,
    `  dependencies  ${kilobytes(sum('dependencies/'))}, ${packages.length} packages${twice.length > 0 ? `; at more than one version: ${twice.join(', ')}` : ''}`,
    ...(sum('public/') > 0 ? [`  public        ${kilobytes(sum('public/'))}`] : []),
    `  service       ${kilobytes(sum('service/'))}, ${own.length} files of our own`,
    ...(external.length > 0 ? [`  left out      ${external.join(', ')}`] : []),
    '',
  ].join('\n');
}
