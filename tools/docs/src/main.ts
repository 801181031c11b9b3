import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { collectCodes, describeCodes, pageFile, readErrorTexts, replaceTable } from './error-codes';
import { readFile, workspaceRoot } from './workspace-files';

/** Writes the table of error codes into docs/troubleshooting.md. */
async function main(): Promise<void> {
  const file = path.join(workspaceRoot, pageFile);
  const page = replaceTable(readFile(pageFile), describeCodes(collectCodes(), readErrorTexts()));
  writeFileSync(file, await format(page, { ...(await resolveConfig(file)), filepath: file }));
}

void main();
