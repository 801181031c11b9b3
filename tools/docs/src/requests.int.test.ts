import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '../../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const rows = read('docs/requests.md')
  .split('\n')
  .filter((line) => /^\| /.test(line) && !/^\| (line|-+) /.test(line))
  .map((line) => {
    const [, request = '', where = '', shownBy = ''] = line
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
    return { request, where, command: shownBy.replaceAll('`', '') };
  });

/** The test files of a project, relative to its folder; none if it does not exist. */
function testsOf(project: string): string[] {
  const folder = ['apps', 'libs', 'tools', '.']
    .map((parent) => path.join(root, parent, project))
    .find(
      (each) =>
        existsSync(path.join(each, 'package.json')) || existsSync(path.join(each, 'image.json')),
    );
  if (!folder) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter(
    (file) => /\.(unit|int)\.test\.ts$/.test(file) && !file.includes('node_modules'),
  );
}

function isShown(command: string): boolean {
  const test = /^npx nx test (\S+) --testPathPatterns=(\S+)$/.exec(command);
  if (!test) return inRunbook(command);
  const [, project = '', pattern = ''] = test;
  return testsOf(project).some((file) => new RegExp(pattern).test(file));
}

/** e2e/src/runbook.e2e.test.ts executes its commands, or checks their marks. */
const inRunbook = (command: string): boolean =>
  read('docs/runbook.md')
    .split('\n')
    .some((line) => line.replace(/\s+# .*$/, '') === command);

describe('docs/requests.md', () => {
  it('has the lines of both documents, each once', () => {
    expect(rows.length).toBeGreaterThan(60);
    expect(new Set(rows.map(({ request }) => request)).size).toBe(rows.length);
    expect(rows.filter(({ request }) => request.startsWith('[ ]'))).toHaveLength(12);
  });

  it.each(rows)('names files and a command that exist for: $request', ({ where, command }) => {
    const links = [...where.matchAll(/\]\(\.\.\/(.*?)\)/g)].map(([, file = '']) => file);
    expect(links).not.toEqual([]);
    expect(links.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
    expect({ command, shown: isShown(command) }).toEqual({ command, shown: true });
  });

  it('finds a command or a test that does not exist', () => {
    expect(isShown('npx nx test infra --testPathPatterns=nothing-like-this')).toBe(false);
    expect(isShown('npx nx test nothing --testPathPatterns=registry')).toBe(false);
    expect(isShown('aws ecr describe-everything')).toBe(false);
  });
});
