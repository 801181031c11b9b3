import { XMLParser } from 'fast-xml-parser';
import { QueryError } from './query-error';
import { errorXml, successXml } from './xml-response';

const parse = (xml: string) =>
  new XMLParser({ parseTagValue: false, trimValues: false }).parse(xml) as Record<string, never>;

describe('an XML answer', () => {
  it('wraps the result, writes lists as members and leaves out what is undefined', () => {
    const xml = successXml('ListThings', 'urn:x', 'id-1', {
      Things: [
        { Name: 'a', At: new Date(0) },
        { Name: 'b', At: undefined },
      ],
      None: [],
      Flag: true,
    });
    expect(parse(xml)).toMatchObject({
      ListThingsResponse: {
        ListThingsResult: {
          Things: { member: [{ Name: 'a', At: '1970-01-01T00:00:00.000Z' }, { Name: 'b' }] },
          None: '',
          Flag: 'true',
        },
        ResponseMetadata: { RequestId: 'id-1' },
      },
    });
  });

  it('has no result element when the action has no result', () => {
    expect(successXml('DeleteStack', 'urn:x', 'id', undefined)).not.toContain('DeleteStackResult');
  });

  it('carries markup, line ends and emoji unharmed, and replaces what XML cannot hold', () => {
    const text = '<a href="x">&amp;</a>\r\n\t🚀 \u0001';
    const xml = successXml('Get', 'urn:x', 'id', { Text: text });
    expect(xml).not.toContain('\r');
    expect(parse(xml)).toMatchObject({
      GetResponse: { GetResult: { Text: text.replace('\u0001', '\ufffd').replace('\r', '&#xD;') } },
    });
  });

  it('names the faulty side, the code and the message of an error', () => {
    const xml = errorXml('urn:x', 'id-2', new QueryError('ValidationError', 'a < b'));
    expect(parse(xml)).toMatchObject({
      ErrorResponse: {
        Error: { Type: 'Sender', Code: 'ValidationError', Message: 'a < b' },
        RequestId: 'id-2',
      },
    });
    expect(errorXml('urn:x', 'id', new QueryError('InternalFailure', 'x', 500))).toContain(
      'Receiver',
    );
  });
});
