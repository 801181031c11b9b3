/** What `@typerush/ecr-local` is as a package: one file that is a program, and a library when it is imported. */
import { version } from '../package.json';
import { runCommand } from './cli/run-command';
import { isScanWorker } from './scanning/scan-worker';

export * from './testing';

/** Outside of the ranges of other emulators, as 5100 of this workspace is not: ADR 70. */
const defaultPort = 5327;

if (require.main === module || isScanWorker()) {
  void runCommand({ file: __filename, version, defaultPort }, process.argv.slice(2));
}
