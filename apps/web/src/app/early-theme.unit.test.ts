import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';

const script = readFileSync(join(__dirname, 'early-theme.js'), 'utf8');

function themeWith(getItem: (key: string) => string | null): string | undefined {
  const document = { documentElement: { dataset: {} as { theme?: string } } };
  runInNewContext(script, { document, localStorage: { getItem }, JSON });
  return document.documentElement.dataset.theme;
}

describe('the theme before the first paint', () => {
  it.each(['light', 'dark'])('is the one that theme.ts keeps: %s', (theme) => {
    expect(themeWith((key) => (key === 'typerush.theme' ? JSON.stringify(theme) : null))).toBe(
      theme,
    );
  });

  it.each([null, '"system"', '{', '"neon"'])('is that of the system with %p', (value) => {
    expect(themeWith(() => value)).toBeUndefined();
  });

  it('is that of the system without storage', () => {
    const refuse = () => {
      throw new Error('denied');
    };
    expect(themeWith(refuse)).toBeUndefined();
  });
});
