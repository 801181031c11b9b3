// Adds up jest's JUnit files and prints the closing line: sum-results.mjs <folder> <failed steps> <0|1: a suite failed>
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, steps, suitesFailed] = process.argv.slice(2);
const totals = { tests: 0, failures: 0, errors: 0, skipped: 0 };
const files = readdirSync(folder).filter((name) => name.endsWith('.xml'));

for (const file of files) {
  const xml = readFileSync(join(folder, file), 'utf8');
  for (const [, attributes] of xml.matchAll(/<testsuite ([^>]*)>/g)) {
    for (const key of Object.keys(totals)) {
      totals[key] += Number(new RegExp(`\\b${key}="(\\d+)"`).exec(attributes)?.[1] ?? 0);
    }
  }
}

// A skipped test has shown nothing, and a suite may fail without a failed test (it did not compile, a hook threw).
let failed = totals.failures + totals.errors + totals.skipped + Number(steps);
if (failed === 0 && (suitesFailed !== '0' || totals.tests === 0)) failed = 1;
const passed = totals.tests - totals.failures - totals.errors - totals.skipped;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
