import { isAlias, isMap, isScalar, isSeq, parseDocument, type Node } from 'yaml';
import { templateInvalid } from '../cloudformation-error';
import { templateFormatError } from '../cloudformation-error';
import { type Json, type JsonObject, isObject } from './value';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const maximumTemplateBytes = 51_200;

const withoutPrefix = new Set(['Ref', 'Condition']);

/** Reads a JSON or YAML template body; YAML's short forms (`!Ref x`) come out in their long form. */
export function parseTemplateBody(body: string): JsonObject {
  if (body.length === 0) throw templateInvalid('Template body must not be empty');
  const bytes = Buffer.byteLength(body);
  if (bytes > maximumTemplateBytes) {
    throw templateInvalid(
      `1 validation error detected: Value of ${bytes} bytes at 'templateBody' failed to satisfy constraint: ` +
        `Member must have length less than or equal to ${maximumTemplateBytes}`,
    );
  }
  const template = body.trimStart().startsWith('{') ? parseJson(body) : parseYaml(body);
  if (!isObject(template)) throw templateFormatError('unsupported structure.');
  return template;
}

function parseJson(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch (cause) {
    // YAML's flow style starts with a brace too.
    try {
      return parseYaml(body);
    } catch {
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw templateFormatError(`JSON not well-formed. (${detail})`);
    }
  }
}

function parseYaml(body: string): Json {
  const document = parseDocument(body, { schema: 'core', logLevel: 'silent', prettyErrors: true });
  const [error] = document.errors;
  if (error) throw templateFormatError(`YAML not well-formed. (${error.message.split('\n')[0]})`);
  return document.contents ? fromNode(document.contents as Node) : null;
}

function fromNode(node: Node | null): Json {
  if (node === null) return null;
  if (isAlias(node))
    throw templateFormatError('YAML aliases are not allowed in CloudFormation templates');
  const value = untagged(node);
  const tag = node.tag;
  return typeof tag === 'string' && /^![A-Za-z0-9]+$/.test(tag)
    ? longForm(tag.slice(1), value)
    : value;
}

function untagged(node: Node): Json {
  if (isMap(node)) {
    return Object.fromEntries(
      node.items.map((pair) => [
        String(isScalar(pair.key) ? pair.key.value : pair.key),
        fromNode(pair.value as Node | null),
      ]),
    );
  }
  if (isSeq(node)) return node.items.map((item) => fromNode(item as Node | null));
  if (!isScalar(node)) throw templateFormatError('unsupported structure.');
  return node.value as Json;
}

/** `!GetAtt a.b` splits at the first dot: an attribute may hold dots, a logical id may not. */
function longForm(name: string, argument: Json): Json {
  if (withoutPrefix.has(name)) return { [name]: argument };
  if (name === 'GetAtt' && typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return { 'Fn::GetAtt': [argument.slice(0, dot), argument.slice(dot + 1)] };
  }
  return { [`Fn::${name}`]: argument };
}
