import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';

describe('the first load', () => {
  it('has at most 120 KB of compressed JavaScript', () => {
    const root = join(__dirname, '..');
    const out = join(tmpdir(), `page-${process.pid}`);
    const vite = join(root, '../../node_modules/vite/bin/vite.js');
    execFileSync(process.execPath, [vite, 'build', '--outDir', out, '--emptyOutDir'], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
    });
    const html = readFileSync(join(out, 'index.html'), 'utf8');
    const scripts = readdirSync(join(out, 'assets')).filter(
      (name) => name.endsWith('.js') && html.includes(name),
    );
    const bytes = scripts.map((name) => gzipSync(readFileSync(join(out, 'assets', name))).length);
    expect(scripts.length).toBeGreaterThan(0);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(120 * 1_024);
  });
});
