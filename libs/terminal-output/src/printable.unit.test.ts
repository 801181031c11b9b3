import fc from 'fast-check';
import { printable } from './printable';

describe('printable', () => {
  it('keeps letters of any language', () => {
    expect(printable('/app/größe-日本.js')).toBe('/app/größe-日本.js');
  });

  it('shows characters that a terminal would obey, and those that reorder text', () => {
    expect(printable('a\u001b[2Jb\nc\u202ed')).toBe('a\\u{1b}[2Jb\\u{a}c\\u{202e}d');
  });

  it('cuts a long text', () => {
    expect(printable('x'.repeat(10_000), 20)).toBe(`${'x'.repeat(17)}...`);
  });

  it('returns one line without control characters, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
