import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';

describe('the build of the page', () => {
  const root = join(__dirname, '..');
  const out = join(tmpdir(), `page-${process.pid}`);
  const read = (name: string) => readFileSync(join(out, name), 'utf8');

  beforeAll(() => {
    const vite = join(root, '../../node_modules/vite/bin/vite.js');
    execFileSync(process.execPath, [vite, 'build', '--outDir', out, '--emptyOutDir'], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
    });
  });

  it('has at most 120 KB of compressed JavaScript in its first load', () => {
    const html = read('index.html');
    const scripts = readdirSync(join(out, 'assets')).filter(
      (name) => name.endsWith('.js') && html.includes(name),
    );
    const bytes = scripts.map((name) => gzipSync(readFileSync(join(out, 'assets', name))).length);
    expect(scripts.length).toBeGreaterThan(0);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(120 * 1_024);
  });

  it('sets the theme by a script of its own before the code of the page', () => {
    const html = read('index.html');
    const [, early = ''] =
      /<script\s+src="\/(assets\/early-[\w-]+\.js)"><\/script>/.exec(html) ?? [];
    expect(read(early)).toBe(readFileSync(join(__dirname, 'app/early-theme.js'), 'utf8'));
    expect(html.indexOf(early)).toBeLessThan(html.indexOf('type="module"'));
  });

  it('has the licence of each font that it ships', () => {
    const fonts = readdirSync(join(out, 'assets')).filter((name) => name.endsWith('.woff2'));
    expect(fonts.length).toBeGreaterThan(0);
    const packages = ['barlow', 'barlow-condensed', 'jetbrains-mono'];
    for (const font of fonts) {
      expect(packages.some((name) => font.startsWith(name))).toBe(true);
    }
    for (const name of packages) {
      const file = `licenses/${name}.txt`;
      expect(existsSync(join(out, file))).toBe(true);
      expect(read(file)).toContain('SIL OPEN FONT LICENSE');
    }
  });
});
