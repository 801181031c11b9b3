import { readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Whether a file is an ES module by its name or its package, so that the default import of a CommonJS module is the module, as
 * Node has it; elsewhere it is `exports.default` if the module was made from an ES module, as Babel and TypeScript have it.
 */
export async function isStrict(file: string): Promise<boolean> {
  if (/\.m[jt]s$/.test(file)) return true;
  if (/\.c[jt]s$/.test(file)) return false;
  return isModulePackage(path.dirname(file));
}

async function isModulePackage(folder: string): Promise<boolean> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => undefined);
  if (text !== undefined) return (JSON.parse(text) as { type?: string }).type === 'module';
  const parent = path.dirname(folder);
  return parent !== folder && isModulePackage(parent);
}
