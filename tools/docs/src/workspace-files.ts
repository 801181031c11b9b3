import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const workspaceRoot = path.resolve(__dirname, '../../..');

/** The files of the workspace that Git does not ignore, relative to its root. New files are listed too. */
export function workspaceFiles(pattern: RegExp): readonly string[] {
  const options = ['--cached', '--others', '--exclude-standard', '--deduplicate', '-z'];
  const files = execFileSync('git', ['ls-files', ...options], { cwd: workspaceRoot }).toString();
  return files
    .split('\0')
    .filter((file) => pattern.test(file) && existsSync(path.join(workspaceRoot, file)));
}

export const readFile = (file: string): string =>
  readFileSync(path.join(workspaceRoot, file), 'utf8');

/** The name of the Nx project that a file belongs to: the nearest package.json has it. */
export function projectOf(file: string): string {
  for (let folder = path.dirname(file); folder !== '.'; folder = path.dirname(folder)) {
    if (!existsSync(path.join(workspaceRoot, folder, 'package.json'))) continue;
    return (JSON.parse(readFile(`${folder}/package.json`)) as { nx: { name: string } }).nx.name;
  }
  throw new Error(`${file} belongs to no project.`);
}
