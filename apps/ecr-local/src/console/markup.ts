/** Markup, which was escaped where it came from elsewhere. Only `markup` makes it. */
export class Markup {
  constructor(readonly text: string) {}
}

export type MarkupValue = Markup | string | number | undefined | false | readonly MarkupValue[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Names, tags, labels and documents of images are text, whatever is in them. */
export function markup(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  const parts = strings.map((part, at) => part + (at < values.length ? textOf(values[at]) : ''));
  return new Markup(parts.join(''));
}

function textOf(value: MarkupValue): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(textOf).join('');
  return String(value).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
