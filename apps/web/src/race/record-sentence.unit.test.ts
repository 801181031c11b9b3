import { recordSentence } from './record-sentence';

describe('the sentence on the record of a race', () => {
  it('is empty while nothing is known', () => expect(recordSentence([])).toBe(''));

  it('reports a race as recorded only if all its rounds are', () => {
    expect(recordSentence(['recorded', 'recorded'])).toBe('The result is recorded.');
    expect(recordSentence(['recorded', 'queued'])).toBe('The result will be recorded.');
    expect(recordSentence(['recorded', 'queued', 'lost'])).toBe(
      'The result could not be recorded.',
    );
  });
});
