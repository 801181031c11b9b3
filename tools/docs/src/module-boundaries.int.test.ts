import {
  boundariesFile,
  describeBoundaries,
  projectsTable,
  readBoundaries,
  readProjects,
} from './module-boundaries';
import { readSection, withoutPadding } from './section';

const boundaries = readBoundaries();
const projects = readProjects();

describe(boundariesFile, () => {
  it('has each Nx project with its folder, and no other', () => {
    const entries = Object.entries(boundaries).map(([name, { root }]) => `${name}: ${root}`);
    expect(entries.sort()).toEqual(projects.map(({ name, root }) => `${name}: ${root}`).sort());
  });

  it.each(projects)('lets $name import what its package.json declares', (project) => {
    expect(boundaries[project.name]?.imports).toEqual(project.dependencies);
  });
});

describe('each project', () => {
  // A plugin of Nx that infers the target loads ESLint for each changed project, before any command (ADR 73).
  it.each(projects)('is linted: $name', ({ targets }) => expect(targets).toContain('lint'));
});

describe(projectsTable.file, () => {
  it('has the current table of projects (npx nx run docs:tables writes it)', () => {
    const table = describeBoundaries(boundaries, projects);
    expect(withoutPadding(readSection(projectsTable))).toBe(withoutPadding(table));
  });
});
