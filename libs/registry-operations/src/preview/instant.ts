const dateOnly = /^\d{4}-\d{2}-\d{2}$/;
const dateTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/i;

/** No image was pushed so late in seconds (the year 5138): such a number counts milliseconds. */
const firstMilliseconds = 1e11;

/** A moment in ISO 8601, in UTC where it has no offset, or in seconds (or milliseconds) since 1970; undefined if it is neither. */
export function parseInstant(value: unknown): Date | undefined {
  if (typeof value === 'number') {
    return valid(new Date(value < firstMilliseconds ? value * 1000 : value));
  }
  if (typeof value !== 'string') return undefined;
  if (dateOnly.test(value)) return valid(new Date(value));
  const found = dateTime.exec(value);
  return found ? valid(new Date(found[1] === undefined ? `${value}Z` : value)) : undefined;
}

const valid = (date: Date) => (Number.isNaN(date.getTime()) ? undefined : date);
