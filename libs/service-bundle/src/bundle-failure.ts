import { type BuildFailure, type Message } from 'esbuild';
import { PipelineError } from '@typerush/pipeline-context';

export const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && 'errors' in error && Array.isArray(error.errors);

const shown = 10;

/** Each error with file and line, then what to do. */
export function bundleFailure(failure: BuildFailure, project: string): PipelineError {
  const lines = failure.errors.slice(0, shown).map(describe);
  const more = failure.errors.length - lines.length;
  const advice = [...new Set(failure.errors.map(adviceFor))].filter((line) => line !== undefined);
  return new PipelineError(
    'BUNDLE_FAILED',
    [
      `${project} cannot be bundled:`,
      ...lines,
      ...(more > 0 ? [`  and ${more} more`] : []),
      ...advice,
    ].join('\n'),
    { cause: failure },
  );
}

function describe({ text, location, notes }: Message): string {
  // A re-export that is written here stands for our own import of the package.
  const place = location && !location.file.startsWith('dependency:') ? placeOf(location) : '';
  const [note] = notes.filter(({ location: at }) => at && !at.file.startsWith('dependency:'));
  return `  ${place}${text}${note ? ` (${note.text})` : ''}`;
}

const placeOf = ({ file, line, column }: NonNullable<Message['location']>) =>
  `${file}:${line}:${column + 1}: `;

function adviceFor({ text }: Message): string | undefined {
  if (/^Could not resolve "[^./]/.test(text)) {
    return 'Install what is missing, or name it under "external" in the options of the build target if the service never gets there.';
  }
  if (/^Could not resolve/.test(text)) return 'Correct the path of the import.';
  if (/No loader is configured for "\.node"/.test(text)) {
    return 'A native addon cannot be in an image whose layers hold JavaScript for every platform: use a package without one, or name it under "external" if the service never gets there.';
  }
  if (/No loader is configured/.test(text)) {
    return 'Name a loader for such files in the module that "esbuildConfig" of the build target names.';
  }
  if (/^No matching export/.test(text)) {
    return 'The package has no such export in the version that is installed: correct the import.';
  }
  if (/Top-level await/.test(text)) {
    return 'A bundle is CommonJS, which cannot wait at the top of a module: wait in a function.';
  }
  return undefined;
}
