import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { codesTable, collectCodes, describeCodes, readErrorTexts } from './error-codes';
import {
  describeBoundaries,
  projectsTable,
  readBoundaries,
  readProjects,
} from './module-boundaries';
import { replaceSection, type Section } from './section';
import { workspaceRoot } from './workspace-files';

/** Writes the generated tables into their pages. */
async function main(): Promise<void> {
  await write(codesTable, describeCodes(collectCodes(), readErrorTexts()));
  await write(projectsTable, describeBoundaries(readBoundaries(), readProjects()));
}

async function write(section: Section, table: string): Promise<void> {
  const file = path.join(workspaceRoot, section.file);
  const options = { ...(await resolveConfig(file)), filepath: file };
  writeFileSync(file, await format(replaceSection(section, table), options));
}

void main();
