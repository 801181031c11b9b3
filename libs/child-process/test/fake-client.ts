import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Puts a program in place of a container engine's client.
 * @param commands by the first argument: a line of shell
 * @returns the folder of the program
 */
export async function installFake(
  file: string,
  commands: Readonly<Record<string, string>>,
): Promise<string> {
  const cases = Object.entries(commands).map(([name, script]) => `${name}) ${script} ;;`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\ncase "$1" in\n${cases.join('\n')}\nesac\n`);
  await chmod(file, 0o755);
  return path.dirname(file);
}
