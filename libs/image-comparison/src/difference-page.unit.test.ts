import fc from 'fast-check';
import { describeDifference } from './describe-difference';
import { differencePage } from './difference-page';
import { type Difference, type ImageDifference } from './image-difference';
import { maxPageBytes } from './report-page';

const digest = (character: string) => `sha256:${character.repeat(64)}` as const;

const difference = (more: Partial<ImageDifference> = {}): ImageDifference => ({
  before: { name: 'prod', digest: digest('a'), platformDigest: digest('a'), bytes: 1_000_000 },
  after: { name: 'built', digest: digest('b'), platformDigest: digest('b'), bytes: 1_200_000 },
  platform: 'linux/amd64',
  equal: false,
  packages: [],
  layers: [],
  sharedLayers: 4,
  config: [],
  files: [],
  findings: null,
  ...more,
});

const hostile = `</td><script>alert("x")</script><img src='https://example.com/?q=&' onerror=alert(1)>`;

describe('differencePage', () => {
  it('escapes names of files, packages, variables and images', () => {
    const page = differencePage(
      difference({
        before: { name: hostile, digest: digest('a'), platformDigest: digest('a'), bytes: 1 },
        packages: [
          { name: hostile, change: 'added', after: { version: hostile, license: hostile } },
        ],
        config: [{ name: hostile, change: 'changed', before: hostile, after: `"${hostile}` }],
        layers: [{ name: hostile, change: 'removed', before: { digest: digest('c'), bytes: 1 } }],
        files: [
          {
            name: hostile,
            change: 'added',
            after: { type: 'symlink', bytes: 0, mode: '0777', owner: '0:0', target: hostile },
          },
        ],
      }),
    );
    expect(page).not.toMatch(/<(script|img)/i);
    expect(page).toContain('&lt;script&gt;');
    // Every tag is one of the page, with attributes of the page.
    const tags = (page.match(/<[^!/][^>]*>/g) ?? []).map((tag) =>
      tag.replace(/\s+/g, ' ').replace(/ ?\/?>$/, '>'),
    );
    const known =
      /^<(html lang="en"|head|meta [^<]*|title|style|body|main|h1|h2|small|p class="note"|dl|dt|dd|code|section|table|thead|tbody|tr|th scope="col"( class="number")?|td( class="\w+")?( data-label="[\w ,]+")?)>$/;
    expect(tags.filter((tag) => !known.test(tag))).toEqual([]);
  });

  it('loads and runs nothing', () => {
    const page = differencePage(difference());
    expect(page).toContain(`default-src 'none'; style-src 'unsafe-inline'`);
    expect(page).not.toMatch(/\b(src|href|url)\s*[=(]/);
  });

  it('has at most 100 KB, and states how many rows it leaves out', () => {
    const rows = <Fact>(after: Fact) =>
      Array.from({ length: 5_000 }, (_, index): Difference<Fact> => {
        return { name: `/${index}/${'&'.repeat(300)}`, change: 'added', after };
      });
    const page = differencePage(
      difference({
        packages: rows({ version: '<'.repeat(300) }),
        config: rows('"'.repeat(300)),
        layers: rows({ digest: digest('c'), bytes: 1 }),
        files: rows({ type: 'file', bytes: 1, mode: '0644', owner: '0:0' }),
        findings: rows({ severity: "'".repeat(300) }),
      }),
    );
    expect(Buffer.byteLength(page)).toBeLessThan(maxPageBytes);
    expect(page).toMatch(/and 4\d{3} more/);
  });
});

describe('describeDifference', () => {
  it('prints no control character of a name, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        const files = [
          {
            name,
            change: 'added' as const,
            after: { type: 'file', bytes: 1, mode: '0644', owner: '0:0' },
          },
        ];
        const { text } = describeDifference(difference({ files }));
        expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  it('states that images are the same, without tables', () => {
    const same = { name: 'x', digest: digest('a'), platformDigest: digest('a'), bytes: 1 };
    const { text } = describeDifference(difference({ before: same, after: same, equal: true }));
    expect(text).toContain('the images are the same');
    expect(text).not.toContain('Packages');
  });

  it('names a version that changed with its licence and growth', () => {
    const { text } = describeDifference(
      difference({
        packages: [
          {
            name: 'zod',
            change: 'changed',
            before: { version: '4.0.0', license: 'MIT', bytes: 1_000 },
            after: { version: '4.1.0', license: 'MIT', bytes: 3_000 },
          },
        ],
      }),
    );
    expect(text).toMatch(/~ {2}zod {6}4\.0\.0 → 4\.1\.0 {2}MIT {6}3\.0 kB {2}\+2\.0 kB/);
  });
});
