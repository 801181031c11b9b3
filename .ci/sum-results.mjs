// Adds up jest's JUnit files and prints the closing line: sum-results.mjs <failed steps> <0|1: a suite failed> <folder...>
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [steps, suitesFailed, ...folders] = process.argv.slice(2);
const totals = { tests: 0, failures: 0, errors: 0, skipped: 0 };
const written = folders.filter((folder) => existsSync(folder));
const files = written.flatMap((folder) =>
  readdirSync(folder).flatMap((name) => (name.endsWith('.xml') ? [join(folder, name)] : [])),
);

for (const file of files) {
  const xml = readFileSync(file, 'utf8');
  for (const [, attributes] of xml.matchAll(/<testsuite ([^>]*)>/g)) {
    for (const key of Object.keys(totals)) {
      totals[key] += Number(new RegExp(`\\b${key}="(\\d+)"`).exec(attributes)?.[1] ?? 0);
    }
  }
}

// A skipped test has shown nothing, and a suite may fail without a failed test (it did not compile, a hook threw).
let failed = totals.failures + totals.errors + totals.skipped + Number(steps);
if (failed === 0 && (suitesFailed !== '0' || written.length < folders.length)) failed = 1;
if (totals.tests === 0) failed = Math.max(failed, 1);
const passed = totals.tests - totals.failures - totals.errors - totals.skipped;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
