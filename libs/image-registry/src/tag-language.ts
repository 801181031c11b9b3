/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests, ECR's length */
const firstCharacters = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_';
const characters = `${firstCharacters}.-`;
const maxLength = 300;

/** Steps of automata, a second or so of them: what people write takes a hundredth of it. */
const defaultEffort = 500_000;

/** The result of a search that gave up: there may be such a tag. */
export const someTag = '…';

interface Reached {
  readonly tag: string;
  readonly within: readonly PatternAutomaton[];
  readonly without: readonly PatternAutomaton[];
}

/** Searches the language of tags, with a limit to what all of its searches take together. */
export class TagSearch {
  private readonly found = new Map<string, string | undefined>();

  constructor(private effort = defaultEffort) {}

  /** Whether so much was searched that no further search is made. */
  get isExhausted(): boolean {
    return this.effort <= 0;
  }

  /**
   * A shortest tag that matches every pattern of `within` and none of `without`, undefined if there can be none:
   * the inclusion of languages, by a walk over the automata of all patterns at once.
   */
  find(within: readonly string[], without: readonly string[] = []): string | undefined {
    const key = JSON.stringify([within, without]);
    if (!this.found.has(key)) this.found.set(key, this.search(within, without));
    return this.found.get(key);
  }

  private search(within: readonly string[], without: readonly string[]): string | undefined {
    const alphabet = representatives([...within, ...without]);
    const start = {
      tag: '',
      within: within.map((pattern) => PatternAutomaton.of(pattern)),
      without: without.map((pattern) => PatternAutomaton.of(pattern)),
    };
    const seen = new Set<string>();
    // The queue grows while it is walked, breadth first.
    const queue: Reached[] = [start];
    for (const reached of queue) {
      for (const character of alphabet) {
        if (this.isExhausted) return someTag;
        this.effort -= within.length + without.length;
        if (reached.tag === '' && !firstCharacters.includes(character)) continue;
        const next = step(reached, character);
        if (!next || next.tag.length > maxLength) continue;
        if (isFound(next)) return next.tag;
        const key = [...next.within, ...next.without].map((each) => each.key).join('|');
        if (seen.has(key)) continue;
        seen.add(key);
        queue.push(next);
      }
    }
    return undefined;
  }
}

/** Undefined if no tag with this prefix can match any more. */
function step({ tag, within, without }: Reached, character: string): Reached | undefined {
  const next = {
    tag: tag + character,
    within: within.map((pattern) => pattern.after(character)),
    without: without.map((pattern) => pattern.after(character)),
  };
  const lost =
    next.within.some((pattern) => pattern.isDead) ||
    next.without.some((pattern) => pattern.matchesAnyRest);
  return lost ? undefined : next;
}

function isFound({ within, without }: Reached): boolean {
  return within.every((pattern) => pattern.matches) && !without.some((pattern) => pattern.matches);
}

/** The characters that patterns distinguish, and one for all others. */
function representatives(patterns: readonly string[]): readonly string[] {
  const named = new Set(patterns.join(''));
  const other = [...characters].find((character) => !named.has(character));
  return [...characters].filter((character) => named.has(character) || character === other);
}

/** How far a text has come through a wildcard pattern: the automaton of the pattern, as a value. */
class PatternAutomaton {
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
 * The places, and those behind a `*`, which may match nothing. Text that matches from before the last `*` that was
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
