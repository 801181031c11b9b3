import { unrankedReasonSchema } from '@typerush/contracts';
import { explainUnranked } from './unranked-reasons';

describe('explainUnranked', () => {
  it.each(unrankedReasonSchema.options)('has a sentence for %s', (reason) => {
    expect(explainUnranked([reason])).toMatch(/^[A-Z].*\.$/);
    expect(explainUnranked([reason])).not.toContain(reason);
  });

  it('names a reason that it does not know', () => {
    expect(explainUnranked(['new-reason'])).toBe('Not ranked: new-reason.');
  });
});
