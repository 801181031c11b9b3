import { open } from 'node:fs/promises';
import { lastLines, runCommand } from '@typerush/child-process';
import { OciError } from '../errors';

const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/** @throws OciError `STAND_IN_UNSUPPORTED` unless the file is a Linux program */
export async function requireElf(file: string): Promise<void> {
  const handle = await open(file).catch((cause: unknown) => {
    throw new OciError('STAND_IN_UNSUPPORTED', `Cannot read ${file}.`, { cause });
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(ELF.length), 0, ELF.length, 0);
    if (buffer.subarray(0, bytesRead).equals(ELF)) return;
  } finally {
    await handle.close();
  }
  throw new OciError(
    'STAND_IN_UNSUPPORTED',
    `Cannot create a stand-in base image: it needs the Node of a Linux machine, and ${file} is not a Linux program.\n` +
      'Fix: build where the registry of the base image is reachable.',
  );
}

/** The loader and the shared libraries of a program, as `ldd` lists them; none for a static one. */
export async function sharedLibraries(file: string): Promise<string[]> {
  const env = { LC_ALL: 'C', PATH: '/usr/bin:/bin:/sbin' };
  const result = await runCommand('ldd', [file], { env });
  const isStatic = /not a dynamic executable|Not a valid dynamic program|statically linked/;
  if (isStatic.test(result.stdout + result.stderr)) return [];
  if (result.code !== 0) {
    const problem = `ldd cannot read ${file}: ${lastLines(result, 1)}.\nFix: install ldd.`;
    throw new OciError('STAND_IN_UNSUPPORTED', problem);
  }
  const paths = result.stdout
    .split('\n')
    .map((line) => /^\s*(?:\S+ => )?(\/\S+)(?: \(0x[0-9a-f]+\))?$/.exec(line)?.[1])
    .filter((found) => found !== undefined);
  return [...new Set(paths)];
}

/** The output of `<file> --version`. */
export async function versionOf(file: string): Promise<string> {
  return (await outputOf(file, '--version')).trim();
}

/** The commands of a busybox. */
export async function busyboxApplets(busybox: string): Promise<string[]> {
  const names = (await outputOf(busybox, '--list')).split('\n');
  return names.filter((name) => /^[\w[\]+.-]+$/.test(name) && name !== 'busybox');
}

async function outputOf(file: string, option: string): Promise<string> {
  const result = await runCommand(file, [option], { env: {} });
  if (result.code === 0) return result.stdout;
  const problem = `Cannot run ${file} ${option}: ${lastLines(result, 1)}.`;
  throw new OciError('STAND_IN_UNSUPPORTED', problem);
}
