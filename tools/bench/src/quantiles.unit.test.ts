import { quantiles } from './quantiles';

describe('the quantiles', () => {
  it('are values that occur, whatever their order', () => {
    const values = Array.from({ length: 200 }, (_, index) => 199 - index);
    expect(quantiles(values)).toEqual({ p50: 100, p99: 198, max: 199 });
  });

  it('have at most two decimals', () => {
    expect(quantiles([1.2345]).p50).toBe(1.23);
  });

  it('are not numbers if nothing was measured', () => {
    expect(quantiles([])).toEqual({ p50: NaN, p99: NaN, max: NaN });
  });
});
