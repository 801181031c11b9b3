import { reportProgressTo } from './progress-reporter';

describe('reportProgressTo', () => {
  it.each([
    ['prints progress and notes to a terminal', true, ['step\n', 'fact\n']],
    ['prints only notes to a file or a pipe', false, ['fact\n']],
  ])('%s', (_, isTTY, expected) => {
    const written: string[] = [];
    const reporter = reportProgressTo({ isTTY, write: (text) => written.push(String(text)) > 0 });
    reporter.progress('step');
    reporter.note('fact');
    expect(written).toEqual(expected);
  });
});
