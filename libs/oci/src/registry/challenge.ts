/** One challenge of `WWW-Authenticate`; https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1 */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer';
      readonly realm: string;
      readonly service?: string;
      readonly scope?: string;
    };

/** undefined for a scheme that is neither Basic nor Bearer. */
export function parseChallenge(header: string | null): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec(header ?? '') ?? [];
  if (scheme.toLowerCase() === 'basic') return { scheme: 'basic' };
  if (scheme.toLowerCase() !== 'bearer') return undefined;
  const values = new Map<string, string>();
  for (const [, name = '', value = ''] of rest.matchAll(/(\w+)="([^"]*)"/g)) {
    values.set(name.toLowerCase(), value);
  }
  const realm = values.get('realm');
  if (realm === undefined) return undefined;
  return { scheme: 'bearer', realm, service: values.get('service'), scope: values.get('scope') };
}
