import { codesFile, codesTable, collectCodes, describeCodes, readErrorTexts } from './error-codes';
import { readSection, withoutPadding } from './section';

const codes = collectCodes();
const texts = readErrorTexts();

describe(codesFile, () => {
  it('explains each code that the pipeline reports, and no other', () => {
    expect(Object.keys(texts).sort()).toEqual([...codes.keys()]);
  });

  it('gives each code a meaning and a remedy', () => {
    const incomplete = Object.entries(texts).filter(
      ([, { meaning, remedy }]) => !meaning || !remedy,
    );
    expect(incomplete).toEqual([]);
  });
});

describe(codesTable.file, () => {
  it('has the current table of codes (npx nx run docs:tables writes it)', () => {
    const table = describeCodes(codes, texts);
    expect(withoutPadding(readSection(codesTable))).toBe(withoutPadding(table));
  });
});
