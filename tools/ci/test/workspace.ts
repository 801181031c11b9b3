import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

export const workspaceRoot = path.resolve(__dirname, '../../..');

/** A YAML file of the workspace. */
export function readYaml(file: string): unknown {
  return parse(readFileSync(path.join(workspaceRoot, file), 'utf8'));
}
