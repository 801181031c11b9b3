import { execFile } from 'node:child_process';
import { chmod, link, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

const run = promisify(execFile);

/** The build context of all stages. */
export async function writeContext(root: string): Promise<void> {
  const write = async (file: string, content: string | Uint8Array, mode = 0o644) => {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), content);
    await chmod(path.join(root, file), mode);
  };
  await write(
    '.dockerignore',
    '# comment\nignored\n*.log\n!keep.log\nkept/*\n!kept/one\n**/*.tmp\n',
  );
  await write('a.txt', 'a');
  await write('b.js', 'b', 0o664);
  await write('tool.sh', '#!/bin/sh\n', 0o755);
  await write('sp ace.txt', 's');
  await write('dir/x.txt', 'x', 0o600);
  await write('dir/sub/y.txt', 'y');
  await write('dir/sub/z.js', 'z');
  await write('dir/gone.tmp', 'tmp');
  await symlink('x.txt', path.join(root, 'dir/link'));
  await symlink('dir', path.join(root, 'dir-link'));
  await mkdir(path.join(root, 'empty'));
  await chmod(path.join(root, 'empty'), 0o1777);
  await write('hard/one', 'shared');
  await link(path.join(root, 'hard/one'), path.join(root, 'hard/two'));
  await write('ignored/secret.txt', 'secret');
  await write('kept/one', '1');
  await write('kept/two', '2');
  await write('out/main.js', 'main');
  await write('out/lib/util.js', 'util');
  await write('out/lib/run', 'run', 0o755);
  await write('files.log', 'log');
  await write('keep.log', 'log');
  await write('notes.tar', 'not an archive');
  await run('tar', [
    '--owner=5',
    '--group=6',
    '--mtime=@0',
    '-cf',
    path.join(root, 'files.tar'),
    '-C',
    root,
    'dir',
    'hard',
    'tool.sh',
  ]);
  await write('files.tgz', gzipSync(await readFile(path.join(root, 'files.tar'))));
}

/** A small system with its own users, links and modes. */
export async function writeRootfs(root: string): Promise<void> {
  for (const folder of [
    'etc',
    'run',
    'var',
    'srv/app/old',
    'usr/local/bin',
    'home/node',
    'base',
    'bin',
    'tmp',
  ]) {
    await mkdir(path.join(root, folder), { recursive: true });
  }
  await writeFile(
    path.join(root, 'etc/passwd'),
    'root:x:0:0::/root:/bin/sh\nnode:x:1000:1001::/home/node:/bin/sh\n',
  );
  await writeFile(path.join(root, 'etc/group'), 'root:x:0:\nnode:x:1001:\nstaff:x:50:node\n');
  await writeFile(path.join(root, 'bin/true'), '', { mode: 0o4755 });
  await link(path.join(root, 'bin/true'), path.join(root, 'bin/also'));
  await symlink('../run', path.join(root, 'var/run'));
  await symlink('/srv/app/old', path.join(root, 'current'));
  await run('chown', ['-R', '1000:1001', path.join(root, 'srv/app'), path.join(root, 'home/node')]);
  await chmod(path.join(root, 'srv/app'), 0o2750);
  await chmod(path.join(root, 'tmp'), 0o1777);
}
