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

  it('returns the line that names the error, not the last one of its message', () => {
    const logs = `/app/service/main.js:14
    throw e;
    ^

Error: Cannot find module 'left-pad'
Require stack:
- /app/dependencies/index.js
- /app/service/main.js
    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15) {
  code: 'MODULE_NOT_FOUND'
}`;
    expect(findStackTrace(logs)).toEqual([`Error: Cannot find module 'left-pad'`]);
    expect(
      findStackTrace(`Error: earlier\n\nfailed to start\n    at main (/app/a.js:1:2)`),
    ).toEqual(['failed to start']);
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
