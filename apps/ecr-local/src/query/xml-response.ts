import { XMLBuilder } from 'fast-xml-parser';
import { type QueryError } from './query-error';

/** What an action answers: structures, lists, dates and scalars. `undefined` is left out. */
export type XmlValue =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: false,
});
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** https://www.w3.org/TR/xml/#charsets: these cannot be written in XML 1.0 at all, escaped or not. */
const unrepresentable = /(?![\t\n\r\u007f-\u009f])\p{Cc}|[\ufffe\uffff]/gu;

function toXml(value: Exclude<XmlValue, undefined>): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string') return value.replace(unrepresentable, '\ufffd');
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) {
    return value.length === 0 ? '' : { member: value.filter(isPresent).map(toXml) };
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, child]) =>
      isPresent(child) ? [[name, toXml(child)]] : [],
    ),
  );
}

function isPresent(value: XmlValue): value is Exclude<XmlValue, undefined> {
  return value !== undefined;
}

/** A parser turns a bare carriage return into a line feed, so it travels as a reference. */
function build(document: object): string {
  return declaration + String(builder.build(document)).replace(/\r/g, '&#xD;');
}

/**
 * The answer to an action: `<XResponse><XResult>…</XResult><ResponseMetadata>…`. Without a result, the
 * result element is left out, as AWS does for DeleteStack.
 */
export function successXml(
  action: string,
  namespace: string,
  requestId: string,
  result: { readonly [name: string]: XmlValue } | undefined,
): string {
  return build({
    [`${action}Response`]: {
      '@xmlns': namespace,
      ...(result && { [`${action}Result`]: toXml(result) }),
      ResponseMetadata: { RequestId: requestId },
    },
  });
}

export function errorXml(namespace: string, requestId: string, error: QueryError): string {
  return build({
    ErrorResponse: {
      '@xmlns': namespace,
      Error: {
        Type: error.status < 500 ? 'Sender' : 'Receiver',
        Code: error.code,
        Message: toXml(error.message),
      },
      RequestId: requestId,
    },
  });
}
