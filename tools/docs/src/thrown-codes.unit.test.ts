import { thrownCodes } from './thrown-codes';

describe('thrownCodes', () => {
  it('finds the first argument of an error and of fail', () => {
    expect(thrownCodes(`throw new PipelineError('A_B', 'NOT_A_CODE'); fail('C', 'text');`)).toEqual(
      ['A_B', 'C'],
    );
  });

  it('finds a default and both branches of a condition', () => {
    expect(
      thrownCodes(`new OciError(found?.code ?? 'A', m); new OciError(x ? 'B' : 'C', m);`),
    ).toEqual(['A', 'B', 'C']);
  });

  it('finds properties, the results of codeOf and the table of status codes', () => {
    expect(
      thrownCodes(`
        class E { readonly code = 'A'; }
        const cause = { code: 'B' };
        function codeOf() { return status ? 'C' : 'D'; }
        const STATUS_CODE = { 404: 'E' };
      `),
    ).toEqual(['A', 'B', 'C', 'D', 'E']);
  });

  it('leaves out other texts in capital letters', () => {
    expect(thrownCodes(`send('PUT'); new Error('A'); if (code === 'B') stop();`)).toEqual([]);
  });
});
