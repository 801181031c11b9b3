import { type CustomHasher } from '@nx/devkit';

/**
 * The `hasher` of every executor with `--json`, whose standard output then holds its JSON and nothing else.
 *
 * Nx puts a headline and a summary of its own around what a target and those before it print, on the same stream, breaks
 * lines that are longer than a pipe's buffer, and has no option that stops it. A hasher is the one thing of a plugin that Nx
 * loads into its own process before it says anything: from there on Nx speaks on standard error, as its warnings do, and the
 * task inherits standard output. The hash stays Nx's own.
 */
const hashTask: CustomHasher = (task, { hasher, taskGraph }) =>
  hasher.hashTask(task, taskGraph, process.env);

if (asksForJson(process.argv)) {
  process.stdout.write = process.stderr.write.bind(process.stderr);
  // With `outputCapture: direct-nodejs` in the executor's schema.json: no pipe between the task and standard output.
  process.env['NX_NATIVE_COMMAND_RUNNER'] = 'false';
}

/** What several projects print makes no one JSON document, and Nx's headlines tell it apart. */
function asksForJson(argv: readonly string[]): boolean {
  const asked = argv.includes('--json') || argv.includes('--json=true');
  return asked && !argv.includes('run-many') && !argv.includes('affected');
}

export default hashTask;
