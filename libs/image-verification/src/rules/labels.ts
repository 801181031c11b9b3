import { type Subject } from '../subject';

const set = 'org.opencontainers.image.';

/** https://github.com/opencontainers/image-spec/blob/v1.1.0/annotations.md#pre-defined-annotation-keys */
export function wrongLabels(
  labels: Readonly<Record<string, string>>,
  { service, built }: Subject,
): string[] {
  const wanted: Readonly<Record<string, string | undefined>> = {
    title: service.project,
    version: service.version,
    source: service.source,
    licenses: service.license,
    'base.name': built.base.reference.replace(/@sha256:[0-9a-f]{64}$/, ''),
    'base.digest': built.base.digest ?? undefined,
  };
  const wrong = Object.entries(wanted).flatMap(([name, value]) => {
    const label = labels[`${set}${name}`];
    if (label === value || value === undefined) return [];
    return [`${set}${name} is ${label ? `"${label}"` : 'missing'}; it should be "${value}"`];
  });
  const unlicensed = !service.license && !labels[`${set}licenses`];
  return unlicensed ? [...wrong, `${set}licenses is missing`] : wrong;
}
