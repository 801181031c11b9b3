import { type Board, boardIdPattern, boardPartsOf } from '@typerush/contracts';

export const boardModes = ['type-race', 'wave-rush', 'time', 'words', 'quote'] as const;
type BoardMode = (typeof boardModes)[number];

const wordLists = ['english-200', 'english-1k', 'english-5k'] as const;

/** The texts of a mode. */
export const listsOf = (mode: BoardMode): readonly string[] =>
  mode === 'quote' ? ['quotes'] : mode === 'type-race' ? [...wordLists, 'quotes'] : wordLists;

const listNames: Readonly<Record<string, string>> = {
  'english-200': 'top 200',
  'english-1k': 'top 1,000',
  'english-5k': 'top 5,000',
};

/** The most frequent words, which a text is made from. */
export const listName = (list: string) => listNames[list] ?? list;

/** What quick match plays. */
export const firstBoard: Board = {
  mode: 'type-race',
  list: 'english-1k',
  amount: 25,
  punctuation: false,
  numbers: false,
};

const amounts = { 'type-race': 25, 'wave-rush': 10, time: 30, words: 25 } as const;

/** Another mode, with the texts of before as far as it has them. */
export function withMode(board: Board, mode: BoardMode): Board {
  if (mode === 'quote') return quotesOf(mode);
  const list = board.list === 'quotes' ? firstBoard.list : board.list;
  return { ...board, mode, list, amount: amounts[mode] };
}

export function withList(board: Board, list: string): Board {
  if (list === 'quotes') return quotesOf(board.mode);
  const amount = board.amount ?? (board.mode === 'quote' ? undefined : amounts[board.mode]);
  return { ...board, list, ...(amount === undefined ? {} : { amount }) };
}

function quotesOf(mode: BoardMode): Board {
  return { mode, list: 'quotes', punctuation: false, numbers: false };
}

/** What the amount of a mode counts. */
export const isTimed = (mode: BoardMode) => mode === 'time' || mode === 'wave-rush';

export const isRace = (mode: BoardMode) => mode === 'type-race' || mode === 'wave-rush';

export const modeName = (mode: string) => mode.replace('-', ' ');

/** Such as `time · 30 s · top 1,000 · numbers`. */
export function describeBoard({ mode, list, amount, punctuation, numbers }: Board): string {
  const length = amount === undefined ? [] : [isTimed(mode) ? `${amount} s` : `${amount} words`];
  const text = list === 'quotes' ? (mode === 'quote' ? [] : ['quotes']) : [listName(list)];
  const extras = [punctuation && 'punctuation', numbers && 'numbers'].filter(
    (one) => one !== false,
  );
  return [modeName(mode), ...length, ...text, ...extras].join(' · ');
}

/** The board of an id in an address, which a person may have changed. */
export function readBoard(id: string | null): Board | undefined {
  return id !== null && boardIdPattern.test(id) ? boardPartsOf(id) : undefined;
}

export const boardName = (id: string) => {
  const board = readBoard(id);
  return board ? describeBoard(board) : id;
};
