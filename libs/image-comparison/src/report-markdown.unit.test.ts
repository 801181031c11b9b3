import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { type ReportDocument } from './report-document';
import { reportMarkdown } from './report-markdown';
import { reportPage } from './report-page';

const report = (text: string, link?: string): ReportDocument => ({
  title: text,
  notes: [text],
  facts: [
    ['code', { code: text }],
    ['text', text],
  ],
  tables: [
    {
      title: text,
      heading: ['name', 'size'],
      rows: [
        { change: 'added', cells: [text, text] },
        { cells: [{ text, link }, [{ code: text }, text]] },
      ],
      empty: 'None.',
    },
  ],
  rest: 'push.json',
});

/** What GitHub would show, by a library of others: HTML and addresses in the text stay active. */
const parse = (markdown: string) => {
  const parser = new MarkdownIt({ html: true, linkify: false });
  return parser.parse(markdown, {}).flatMap((token) => [token, ...(token.children ?? [])]);
};

const known = new Set([
  ...['heading_open', 'heading_close', 'blockquote_open', 'blockquote_close', 'paragraph_open'],
  ...[
    'paragraph_close',
    'inline',
    'text',
    'text_special',
    'code_inline',
    'softbreak',
    'table_open',
  ],
  ...[
    'table_close',
    'thead_open',
    'thead_close',
    'tbody_open',
    'tbody_close',
    'tr_open',
    'tr_close',
  ],
  ...['th_open', 'th_close', 'td_open', 'td_close', 'strong_open', 'strong_close'],
]);

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(fc.constantFrom(...'\\|`*_[]()<>!#~&-+: a\n'), { maxLength: 30 })
    .map((all) => all.join('')),
);

describe('reportMarkdown', () => {
  it('shows any name as text: no link, image, HTML or further cell', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const tokens = parse(reportMarkdown(report(name)));
        expect(tokens.map(({ type }) => type).filter((type) => !known.has(type))).toEqual([]);
        const count = (type: string) => tokens.filter((token) => token.type === type).length;
        expect([count('table_open'), count('tr_open'), count('td_open')]).toEqual([2, 6, 10]);
      }),
    );
  });

  it('links only to addresses of the web', () => {
    const links = (link: string) =>
      parse(reportMarkdown(report('CVE-1', link))).filter(({ type }) => type === 'link_open');
    expect(links('https://example.com/a|b?q=<x>').map((token) => token.attrGet('href'))).toEqual([
      'https://example.com/a%7Cb?q=%3Cx%3E',
    ]);
    for (const link of ['javascript:alert(1)', 'http://example.com', 'data:text/html,x', '//x']) {
      expect(links(link)).toEqual([]);
      expect(reportPage(report('CVE-1', link))).not.toContain('<a ');
    }
    expect(reportPage(report('app', 'app/summary.html'))).toContain('<a href="app/summary.html">');
    expect(reportPage(report('CVE-1', 'https://example.com/"><b>'))).toContain(
      '<a href="https://example.com/%22%3E%3Cb%3E">CVE-1</a>',
    );
  });

  it('shows 30 rows of a table, and where the others are', () => {
    const rows = Array.from({ length: 50 }, (_, index) => ({ cells: [`package-${index}`, '1 B'] }));
    const [table] = report('x').tables;
    const text = reportMarkdown({ ...report('x'), tables: table ? [{ ...table, rows }] : [] });
    expect(text).toContain('| `package-29` | 1 B |');
    expect(text).not.toContain('package-30');
    expect(text).toContain('and 20 more: see push.json');
  });
});
