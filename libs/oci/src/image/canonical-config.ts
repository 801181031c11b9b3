import { type RunConfig } from '../manifest';

/** Marks that builders leave and that say nothing about the image. */
const MARKS_OF_BUILDERS: ReadonlySet<string> = new Set(['io.buildah.version']);

/** In this order, what a config says about a container; everything else is the builder's own. */
const FIELDS = [
  'User',
  'ExposedPorts',
  'Env',
  'Entrypoint',
  'Cmd',
  'Volumes',
  'WorkingDir',
  'Labels',
  'StopSignal',
  'Healthcheck',
  'OnBuild',
  'Shell',
] as const;

/** The one form of what a config says, whoever wrote it: the same content has the same digest. */
export function canonicalRunConfig(config: RunConfig): RunConfig {
  const { Labels: labels, ...rest } = config;
  const own = Object.entries(labels ?? {}).filter(([name]) => !MARKS_OF_BUILDERS.has(name));
  const whole: Record<string, unknown> = { ...rest, Labels: Object.fromEntries(own) };
  return Object.fromEntries(
    FIELDS.filter((field) => says(whole[field])).map((field) => [field, sorted(whole[field])]),
  );
}

/** Builders differ in whether they leave out what is empty. */
function says(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value as Record<string, unknown>);
  return Object.fromEntries(
    entries
      // The empty object of a port or a volume is its value.
      .filter(([, item]) => item !== undefined && item !== null && item !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
