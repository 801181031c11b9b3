import { type CustomHasher } from '@nx/devkit';

/**
 * The `hasher` of every executor with `--json`, whose standard output then holds its JSON and nothing else.
 *
 * Nx puts a headline and a summary of its own around what a target prints, on the same stream, breaks lines that are
 * longer than a pipe's buffer, and has no option that stops it. A hasher is the one thing of a plugin that Nx calls in its
 * own process, just before it runs a task: from there on Nx speaks on standard error, as its warnings do, and the task
 * inherits standard output. The hash stays Nx's own.
 */
const hashTask: CustomHasher = (task, { hasher, taskGraph }) => {
  if (task.overrides['json'] && runsOneTarget(process.argv)) {
    process.stdout.write = process.stderr.write.bind(process.stderr);
    // With `outputCapture: direct-nodejs` in the executor's schema.json: no pipe between the task and standard output.
    process.env['NX_NATIVE_COMMAND_RUNNER'] = 'false';
  }
  return hasher.hashTask(task, taskGraph, process.env);
};

/** What several projects print makes no one JSON document, and Nx's headlines tell it apart. */
function runsOneTarget(argv: readonly string[]): boolean {
  return !argv.includes('run-many') && !argv.includes('affected');
}

export default hashTask;
