/** Computes the mode of a copied file or folder from the one it has. */
export type ModeChange = (mode: number, isFolder: boolean) => number;

const CLAUSE = /^([ugoa]*)((?:[-+=][rwxXst]*)+)$/;
const SHIFT = { u: 6, g: 3, o: 0 } as const;
type Who = keyof typeof SHIFT;

/** `--chmod` as octal digits or symbols (`u=rwX,go=rX`); undefined if it is neither. */
export function parseMode(text: string): ModeChange | undefined {
  if (/^[0-7]+$/.test(text)) {
    const mode = parseInt(text, 8);
    return mode <= 0o7777 ? () => mode : undefined;
  }
  const clauses = text.split(',').map((clause) => CLAUSE.exec(clause));
  const changes = clauses.flatMap((match) =>
    match
      ? [...(match[2] ?? '').matchAll(/([-+=])([rwxXst]*)/g)].map(
          ([, sign = '', permissions = '']) => ({
            who: whoOf(match[1] ?? ''),
            sign,
            permissions,
          }),
        )
      : [],
  );
  if (clauses.includes(null)) return undefined;
  return (mode, isFolder) =>
    changes.reduce((result, { who, sign, permissions }) => {
      const bits = bitsOf(who, permissions, isFolder || (result & 0o111) !== 0);
      if (sign === '+') return result | bits;
      if (sign === '-') return result & ~bits;
      return (result & ~bitsOf(who, 'rwxs', false)) | bits;
    }, mode);
}

function whoOf(text: string): readonly Who[] {
  const all: readonly Who[] = ['u', 'g', 'o'];
  return text === '' || text.includes('a') ? all : all.filter((one) => text.includes(one));
}

function bitsOf(who: readonly Who[], permissions: string, executable: boolean): number {
  let bits = permissions.includes('t') ? 0o1000 : 0;
  for (const one of who) {
    const has = (letter: string) => permissions.includes(letter);
    const rwx =
      (has('r') ? 4 : 0) | (has('w') ? 2 : 0) | (has('x') || (has('X') && executable) ? 1 : 0);
    bits |= rwx << SHIFT[one];
    if (has('s') && one === 'u') bits |= 0o4000;
    if (has('s') && one === 'g') bits |= 0o2000;
  }
  return bits;
}
