import { type BuildFailure, type Location, type Message } from 'esbuild';
import { PipelineError } from '@typerush/pipeline-context';

export const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && 'errors' in error && Array.isArray(error.errors);

const maximum = 10;

/** @returns PipelineError `BUNDLE_FAILED` with file and line of each error, and its fix */
export function bundleFailure(failure: BuildFailure, project: string): PipelineError {
  const { errors } = failure;
  const fixes = [...new Set(errors.map(fixOf))].filter((fix) => fix !== undefined);
  return new PipelineError(
    'BUNDLE_FAILED',
    [
      `Cannot bundle ${project}:`,
      ...errors.slice(0, maximum).map(describe),
      ...(errors.length > maximum ? [`  and ${errors.length - maximum} more`] : []),
      ...fixes.map((fix) => `Fix: ${fix}`),
    ].join('\n'),
    { cause: failure },
  );
}

function describe({ text, location, notes }: Message): string {
  const [note] = notes.filter(({ location: at }) => at && !isGenerated(at));
  const place = location && !isGenerated(location) ? placeOf(location) : '';
  return `  ${place}${text}${note ? ` (${note.text})` : ''}`;
}

/** Warnings of esbuild that mean another behaviour at run time; https://esbuild.github.io/api/#log-override */
export const runtimeWarnings = [
  'ignored-bare-import',
  'empty-import-meta',
  'direct-eval',
  'require-resolve-not-external',
];

/** The warnings with file and line, each once. */
export const warningsAt = (warnings: readonly Message[]): readonly string[] => [
  ...new Set(
    warnings
      .filter(({ id }) => runtimeWarnings.includes(id))
      .map((warning) => describe(warning).trim()),
  ),
];

/** A module that re-exports a package has no source to point to. */
const isGenerated = ({ file }: Location) => file.startsWith('dependency:');

const placeOf = ({ file, line, column }: Location) => `${file}:${line}:${column + 1}: `;

function fixOf({ text }: Message): string | undefined {
  if (/^Could not resolve "[^./]/.test(text)) {
    return 'install the missing package, or add it to "external" in the options of the build target if the service never loads it.';
  }
  if (/^Could not resolve/.test(text)) return 'correct the path of the import.';
  if (/No loader is configured/.test(text)) {
    return 'set a loader for such files in the module of "esbuildConfig" in the options of the build target.';
  }
  if (/^No matching export/.test(text)) {
    return 'correct the import: the installed version of the package has no such export.';
  }
  if (/Top-level await/.test(text)) {
    return 'move the await into a function: a bundle is CommonJS, which has no top-level await.';
  }
  return undefined;
}
