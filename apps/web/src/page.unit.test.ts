import { readFileSync } from 'node:fs';
import { join } from 'node:path';

describe('index.html', () => {
  it('has no inline script and no inline style, which the content security policy forbids', () => {
    const html = readFileSync(join(__dirname, '../index.html'), 'utf8');
    expect(html).toContain('<script type="module" src=');
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:/i);
  });
});
