/** How far a text has come through a wildcard pattern: the automaton of the pattern, as a value. */
export class PatternAutomaton {
  private constructor(
    private readonly pattern: string,
    /** The places in the pattern that the text may have come to, in order. */
    private readonly places: readonly number[],
  ) {}

  /** Before the first character. */
  static of(pattern: string): PatternAutomaton {
    return new PatternAutomaton(pattern, reach(pattern, [0]));
  }

  after(character: string): PatternAutomaton {
    const next = this.places.flatMap((place) => {
      if (this.pattern[place] === '*') return [place];
      return this.pattern[place] === character ? [place + 1] : [];
    });
    return new PatternAutomaton(this.pattern, reach(this.pattern, next));
  }

  /** Equal for equal futures, among automata of one pattern. */
  get key(): string {
    return this.places.join();
  }

  get matches(): boolean {
    return this.places.at(-1) === this.pattern.length;
  }

  /** No text that starts so matches. */
  get isDead(): boolean {
    return this.places.length === 0;
  }

  /** Every text that starts so matches. */
  get matchesAnyRest(): boolean {
    return this.matches && this.pattern.endsWith('*');
  }
}

/**
 * The places, and those behind a `*`, which may stand for nothing. Whatever matches from before the last `*` that was
 * reached matches from that one too, so the places before it are dropped: a pattern has few states.
 */
function reach(pattern: string, places: readonly number[]): number[] {
  const reached = new Set<number>();
  for (let place of places) {
    reached.add(place);
    while (pattern[place] === '*') reached.add(++place);
  }
  const ordered = [...reached].sort((a, b) => a - b);
  const lastStar = ordered.findLast((place) => pattern[place] === '*') ?? 0;
  return ordered.filter((place) => place >= lastStar);
}
