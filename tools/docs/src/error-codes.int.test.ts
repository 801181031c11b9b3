import {
  codesFile,
  collectCodes,
  describeCodes,
  pageFile,
  readErrorTexts,
  readTable,
  withoutPadding,
} from './error-codes';
import { readFile } from './workspace-files';

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

describe(pageFile, () => {
  it('has the current table of codes (npx nx run docs:error-codes writes it)', () => {
    const table = readTable(readFile(pageFile));
    expect(withoutPadding(table)).toBe(withoutPadding(describeCodes(codes, texts)));
  });
});
