import { type Section } from './section';
import { readFile, workspaceFiles } from './workspace-files';

export const boundariesFile = 'module-boundaries.json';

/** The section that shows what each project may import. */
export const projectsTable: Section = { file: 'CONTRIBUTING.md', name: 'projects' };

/** An entry of `module-boundaries.json`. */
export interface Boundary {
  readonly root: string;
  /** Names of the projects that it may import. */
  readonly imports: readonly string[];
}

export interface Project {
  readonly name: string;
  readonly root: string;
  readonly tags: readonly string[];
  /** Names of the packages of this workspace that it depends on. */
  readonly dependencies: readonly string[];
  /** Names of the targets that its package.json declares. */
  readonly targets: readonly string[];
}

export const readBoundaries = (): Readonly<Record<string, Boundary>> =>
  JSON.parse(readFile(boundariesFile)) as Record<string, Boundary>;

interface Manifest {
  readonly nx: {
    readonly name: string;
    readonly tags: readonly string[];
    readonly targets?: object;
  };
  readonly dependencies?: object;
  readonly devDependencies?: object;
}

/** The Nx projects of the workspace, as their package.json declares them. */
export const readProjects = (): readonly Project[] =>
  workspaceFiles(/^[^/]+(\/[^/]+)?\/package\.json$/).map((file) => {
    const { nx, dependencies, devDependencies } = JSON.parse(readFile(file)) as Manifest;
    return {
      ...{ name: nx.name, tags: nx.tags, root: file.replace('/package.json', '') },
      targets: Object.keys(nx.targets ?? {}),
      dependencies: Object.keys({ ...dependencies, ...devDependencies })
        .flatMap((name) => /^@typerush\/(.*)/.exec(name)?.[1] ?? [])
        .sort(),
    };
  });

/** The table as Markdown, without the padding that prettier adds. */
export function describeBoundaries(
  boundaries: Readonly<Record<string, Boundary>>,
  projects: readonly Project[],
): string {
  const rows = Object.entries(boundaries).map(([name, { imports }]) => {
    const tags = projects.find((project) => project.name === name)?.tags ?? [];
    return `| ${name} | ${tags.map((tag) => `\`${tag}\``).join(', ')} | ${imports.join(', ') || '-'} |`;
  });
  return ['| project | tags | may import |', '| - | - | - |', ...rows].join('\n');
}
