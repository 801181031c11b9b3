import { isAlias, isMap, isScalar, isSeq, parseDocument, type Node } from 'yaml';
import { JsonError, maximumDepth, parseJson } from '../../input/bounded-json';
import { yamlProblem } from '../../input/bounded-yaml';
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
  const template = body.trimStart().startsWith('{') ? parseFlow(body) : parseYaml(body);
  if (!isObject(template)) throw templateFormatError('unsupported structure.');
  return template;
}

function parseFlow(body: string): Json {
  try {
    return parseJson(body) as Json;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (!(error.cause instanceof SyntaxError)) {
      throw templateFormatError(`unsupported structure: the template ${error.message}.`);
    }
    // YAML's flow style starts with a brace too.
    try {
      return parseYaml(body);
    } catch {
      throw templateFormatError(`JSON not well-formed. (${error.cause.message})`);
    }
  }
}

function parseYaml(body: string): Json {
  const problem = yamlProblem(body);
  if (problem) throw templateFormatError(`unsupported structure: the template ${problem}.`);
  // Pretty errors and the library's search for equal keys take time that grows with the square of their number.
  const document = parseDocument(body, {
    schema: 'core',
    logLevel: 'silent',
    prettyErrors: false,
    uniqueKeys: false,
  });
  const [error] = document.errors;
  if (error) {
    const line = body.slice(0, error.pos[0]).split('\n').length;
    throw templateFormatError(`YAML not well-formed. (${error.message} at line ${line})`);
  }
  return document.contents ? fromNode(document.contents as Node, 1) : null;
}

function fromNode(node: Node | null, depth: number): Json {
  if (node === null) return null;
  if (depth > maximumDepth) {
    throw templateFormatError(
      `unsupported structure: the template is nested more than ${maximumDepth} levels deep.`,
    );
  }
  if (isAlias(node))
    throw templateFormatError('YAML aliases are not allowed in CloudFormation templates');
  const value = untagged(node, depth);
  const tag = node.tag;
  return typeof tag === 'string' && /^![A-Za-z0-9]+$/.test(tag)
    ? longForm(tag.slice(1), value)
    : value;
}

function untagged(node: Node, depth: number): Json {
  if (isMap(node)) {
    const entries = node.items.map((pair): [string, Json] => {
      if (!isScalar(pair.key)) throw templateFormatError('map keys must be strings.');
      return [String(pair.key.value), fromNode(pair.value as Node | null, depth + 1)];
    });
    const value = new Map(entries);
    if (value.size === entries.length) return Object.fromEntries(entries);
    const [repeated] =
      entries.find(([key], index) => entries.findIndex(([other]) => other === key) < index) ?? [];
    throw templateFormatError(`YAML not well-formed. (The key '${repeated}' is there twice)`);
  }
  if (isSeq(node)) return node.items.map((item) => fromNode(item as Node | null, depth + 1));
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
