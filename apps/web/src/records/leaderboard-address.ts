import { type Board, boardIdOf, type Period } from '@typerush/contracts';
import { firstBoard, readBoard } from './board-choice';

export const periods = ['all', 'week', 'day'] as const;

/** What a leaderboard page shows. */
export interface LeaderboardChoice {
  readonly board: Board;
  readonly period: Period;
  /** The player in the middle; from the top if undefined. */
  readonly around: string | undefined;
}

/** From the address of the page, which can be bookmarked and shared. */
export function choiceOf(search: string): LeaderboardChoice {
  const parameters = new URLSearchParams(search);
  const period = periods.find((one) => one === parameters.get('period')) ?? 'all';
  const board = readBoard(parameters.get('board')) ?? firstBoard;
  return { board, period, around: parameters.get('around') ?? undefined };
}

export function addressOf({ board, period, around }: LeaderboardChoice): string {
  const parameters = new URLSearchParams({
    board: boardIdOf(board),
    ...(period === 'all' ? {} : { period }),
    ...(around === undefined ? {} : { around }),
  });
  return `/leaderboards?${parameters}`;
}

/** Where its entries are read. */
export function pathOf({ board, period, around }: LeaderboardChoice, limit: number): string {
  const place = around === undefined ? '' : `/around/${encodeURIComponent(around)}`;
  return `/v1/leaderboards/${boardIdOf(board)}${place}?period=${period}&limit=${limit}`;
}

/** The same list from the top, after the entry of a cursor. */
export function nextPathOf(choice: LeaderboardChoice, limit: number, cursor: string): string {
  return `${pathOf({ ...choice, around: undefined }, limit)}&cursor=${cursor}`;
}

/** The board of a mode and its setting, around a player. */
export function leaderboardOf(boardId: string, around?: string): string {
  const board = readBoard(boardId) ?? firstBoard;
  return addressOf({ board, period: 'all', around });
}
