import { markup, type Markup } from './markup';

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** In the units that docker prints. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** UTC, to the minute. */
export function timeText(at: Date | string | undefined): Markup | string {
  if (at === undefined) return 'never';
  const iso = new Date(at).toISOString();
  return markup`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')}</time>`;
}

export const shortDigest = (digest: string): string => digest.replace(/^(\w+:\w{12}).*/, '$1');

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;
