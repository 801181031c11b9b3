import { KeystrokeBudget } from './keystroke-budget';

describe('the keystroke budget', () => {
  it('lets a player send the longest practice, and then what a person types', () => {
    let now = 0;
    const budget = new KeystrokeBudget(() => now);
    expect(budget.take('ada', 25_000)).toBe(true);
    expect(budget.take('ada', 1)).toBe(false);
    expect(budget.take('bob', 25_000)).toBe(true);
    now = 60_000;
    expect(budget.take('ada', 2_401)).toBe(false);
    expect(budget.take('ada', 2_400)).toBe(true);
  });

  it('forgets the player that has sent nothing for the longest time, of more than 10,000', () => {
    const budget = new KeystrokeBudget(() => 0);
    for (let player = 0; player < 10_000; player += 1) budget.take(String(player), 25_000);
    budget.take('0', 0);
    budget.take('new', 1);
    expect(budget.take('0', 1)).toBe(false);
    expect(budget.take('1', 1)).toBe(true);
  });
});
