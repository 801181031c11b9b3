import { thrownCodes } from './thrown-codes';
import { type Section } from './section';
import { projectOf, readFile, workspaceFiles } from './workspace-files';

export const codesFile = 'docs/error-codes.json';
/** The section of the page that is generated. */
export const codesTable: Section = { file: 'docs/troubleshooting.md', name: 'error codes' };

export interface ErrorText {
  readonly meaning: string;
  readonly remedy: string;
}

export type ErrorTexts = Readonly<Record<string, ErrorText>>;

/** Services answer with codes of their own, which are part of their HTTP interface; templates belong to another workspace. */
const sources =
  /^(infra|libs|tools)\/(?!(contracts|service-kit|docs)\/)(?!.*(\.test\.ts$|\/test\/|\/files\/)).*\.ts$/;

/** Each code of the pipeline with the projects that throw it. */
export function collectCodes(): ReadonlyMap<string, readonly string[]> {
  const found = workspaceFiles(sources).flatMap((file) =>
    thrownCodes(readFile(file)).map((code) => [code, projectOf(file)] as const),
  );
  const codes = [...new Set(found.map(([code]) => code))].sort();
  return new Map(
    codes.map((code) => {
      const projects = found.filter(([each]) => each === code).map(([, project]) => project);
      return [code, [...new Set(projects)].sort()];
    }),
  );
}

export const readErrorTexts = (): ErrorTexts => JSON.parse(readFile(codesFile)) as ErrorTexts;

/** The rows of the table as Markdown, without the padding that prettier adds. */
export const describeCodes = (
  codes: ReadonlyMap<string, readonly string[]>,
  texts: ErrorTexts,
): string =>
  [
    '| code | reported by | meaning | what to do |',
    '| - | - | - | - |',
    ...[...codes].map(([code, projects]) => {
      const { meaning, remedy } = texts[code] ?? { meaning: '', remedy: '' };
      return `| \`${code}\` | ${projects.join(', ')} | ${meaning} | ${remedy} |`;
    }),
  ].join('\n');
