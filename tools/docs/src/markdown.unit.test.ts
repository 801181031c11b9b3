import { anchors, examples, localLinks, longLines } from './markdown';

const fenced = (text: string) => `\`\`\`sh\n${text}\n\`\`\``;

describe('longLines', () => {
  it('reports long prose, but neither tables nor code', () => {
    const long = 'x'.repeat(11);
    expect(longLines(`${long}\n| ${long} |\n${fenced(long)}\nshort`, 10)).toEqual([
      'line 1 has 11 characters',
    ]);
  });
});

describe('localLinks', () => {
  it('finds links to files and headings, but no addresses and no code', () => {
    const text = '[a](b.md#c) [d](https://e) [f](#g) `[h](i)`\n[j]: ../k.md\n' + fenced('[l](m)');
    expect(localLinks(text)).toEqual(['b.md#c', '#g', '../k.md']);
  });
});

describe('anchors', () => {
  it('names headings as GitHub does', () => {
    expect(anchors('# What `a.ts` does, and why\n## Same\n## Same\n' + fenced('# no'))).toEqual([
      'what-ats-does-and-why',
      'same',
      'same-1',
    ]);
  });
});

describe('examples', () => {
  it('puts the declarations of the comment before the block', () => {
    const [example] = examples('<!-- ts: declare const a: number; -->\n\n```ts\nvoid a;\n```\n');
    expect(example).toBe('declare const a: number;\nvoid a;\n\nexport {};\n');
  });

  it('leaves out other languages', () => {
    expect(examples(fenced('ls'))).toEqual([]);
  });
});
