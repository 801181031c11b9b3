import { findStackTrace } from './smoke-test-rules';

describe('findStackTrace', () => {
  it.each([
    ['of Node', new Error('boom').stack ?? ''],
    ['of an async function', 'Error: boom\n    at async run (/app/main.js:1:2)'],
    ['of a built-in module', 'Error: boom\n    at node:internal/main/run_main:1:2'],
    ['inside JSON', JSON.stringify({ err: { stack: new Error('boom').stack } })],
  ])('finds a stack trace %s, with its message', (_, logs) => {
    expect(findStackTrace(`{"msg":"starting"}\n${logs}\n{"msg":"more"}`)).toEqual([
      expect.stringContaining('boom'),
    ]);
  });

  it.each([
    '{"msg":"listening at http://0.0.0.0:3000"}',
    'looked at 10:30:00 and again at 11:00:00',
    '{"msg":"database is not there yet","address":"127.0.0.1:5432"}',
    '',
  ])('finds none in %s', (logs) => {
    expect(findStackTrace(logs)).toEqual([]);
  });
});
