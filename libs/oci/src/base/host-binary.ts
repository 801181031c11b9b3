import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { OciError } from '../errors';

const run = promisify(execFile);

const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/** @throws OciError `STAND_IN_UNSUPPORTED` unless the file is a Linux program */
export async function requireElf(file: string): Promise<void> {
  const magic = await readMagic(file);
  if (magic.equals(ELF)) return;
  throw new OciError(
    'STAND_IN_UNSUPPORTED',
    `A base image can be made from the Node of a Linux machine only, and ${file} is no Linux program. ` +
      'Build where the registry of the base image can be reached.',
  );
}

async function readMagic(file: string): Promise<Buffer> {
  const handle = await open(file).catch((cause: unknown) => {
    throw new OciError('STAND_IN_UNSUPPORTED', `${file} cannot be read.`, { cause });
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(ELF.length), 0, ELF.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The loader and the shared libraries of a program, as `ldd` lists them; none for a static one. */
export async function sharedLibraries(file: string): Promise<string[]> {
  const output = await run('ldd', [file], {
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin:/sbin' },
  }).then(
    ({ stdout }) => stdout,
    (error: { code?: unknown; stdout?: string; stderr?: string }) => {
      const said = `${error.stdout ?? ''}${error.stderr ?? ''}`;
      if (/not a dynamic executable|Not a valid dynamic program|statically linked/.test(said))
        return '';
      throw new OciError('STAND_IN_UNSUPPORTED', `ldd cannot read ${file}: is it installed?`, {
        cause: error,
      });
    },
  );
  const paths = output
    .split('\n')
    .map((line) => /^\s*(?:\S+ => )?(\/\S+)(?: \(0x[0-9a-f]+\))?$/.exec(line)?.[1])
    .filter((found) => found !== undefined);
  return [...new Set(paths)];
}

/** What `<file> --version` says. */
export async function versionOf(file: string): Promise<string> {
  const { stdout } = await run(file, ['--version'], { env: {} });
  return stdout.trim();
}

/** The names under which busybox serves; none when the host has no busybox. */
export async function busyboxApplets(busybox: string): Promise<string[]> {
  const { stdout } = await run(busybox, ['--list'], { env: {} });
  return stdout.split('\n').filter((name) => /^[\w[\]+.-]+$/.test(name) && name !== 'busybox');
}
