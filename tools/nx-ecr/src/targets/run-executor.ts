import { type ExecutorContext } from '@nx/devkit';
import { excerpt, ImageRegistryError } from '@typerush/image-registry';
import { OciError } from '@typerush/oci';
import {
  type PipelineEnvironment,
  PipelineError,
  readEnvironment,
} from '@typerush/pipeline-context';
import { type Report } from '@typerush/terminal-output';
import pc from 'picocolors';
import { type z } from 'zod';
import { replacedConfiguration } from '../requested-configuration';
import { reportResult } from './report-result';
import { type ResultOptions } from './shared-options';

// The AWS SDK announces on the error stream of every process that its next versions drop Node 20.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/**
 * Checks the options and runs `body` with them. An expected error becomes its message and a failed task; any other is a bug
 * and keeps its stack trace. A body that resolves with false has completed and found what fails the task.
 */
export async function runExecutor<Schema extends z.ZodObject>(
  schema: Schema,
  options: unknown,
  task: RunningTask,
  body: (options: z.infer<Schema>) => Promise<boolean | undefined | void>,
): Promise<{ success: boolean }> {
  try {
    requireConfiguration(schema, task);
    return { success: (await body(parseOptions(schema, options))) !== false };
  } catch (error) {
    if (!isExpected(error)) throw error;
    process.stderr.write(`${pc.red('error')} ${error.message}\n`);
    return { success: false };
  }
}

/** The same for a body that returns a report: prints it, and fails the task if the report did not pass. */
export const runReporting = <Schema extends z.ZodObject & z.ZodType<ResultOptions>>(
  schema: Schema,
  options: unknown,
  context: ExecutorContext,
  body: (options: z.infer<Schema>, machine: PipelineEnvironment) => Promise<Report>,
): Promise<{ success: boolean }> =>
  runExecutor(schema, options, context, async (parsed) => {
    const report = await body(parsed, readEnvironment(process.env));
    await reportResult(report, parsed, context.root);
    return report.passed;
  });

/** An `ExecutorContext` of Nx is one. */
export type RunningTask = Pick<
  ExecutorContext,
  'projectName' | 'targetName' | 'configurationName'
> & { readonly projectsConfigurations?: ExecutorContext['projectsConfigurations'] };

/** @throws PipelineError CONFIGURATION_UNKNOWN if Nx has replaced the requested configuration by the default */
function requireConfiguration(schema: z.ZodObject, task: RunningTask): void {
  const replaced = replacedConfiguration(task);
  if (!replaced || !('environment' in schema.shape)) return;
  const { projectName = '', targetName = '', configurationName, projectsConfigurations } = task;
  const target = projectsConfigurations?.projects[projectName]?.targets?.[targetName];
  const known = Object.keys(target?.configurations ?? {}).join(', ');
  throw new PipelineError(
    'CONFIGURATION_UNKNOWN',
    `${projectName}:${targetName} has no configuration "${excerpt(replaced)}": Nx would run "${configurationName}" instead.\n` +
      `Nothing was done.\nFix: use one of ${known}.`,
  );
}

/** Nx checks options against schema.json too, but only those it reads itself. @throws PipelineError OPTIONS_INVALID */
function parseOptions<Schema extends z.ZodObject>(schema: Schema, options: unknown) {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PipelineError('OPTIONS_INVALID', describeIssue(issue, schema));
}

function describeIssue(issue: z.core.$ZodIssue | undefined, schema: z.ZodObject): string {
  const target = schema.meta()?.title ?? 'this target';
  if (issue?.code === 'unrecognized_keys') {
    const path = issue.path.map((key) => `${String(key)}.`).join('');
    const [unknown] = issue.keys;
    const valid = issue.path.length === 0 ? ` Valid options: ${validNames(schema)}.` : '';
    return `Unknown option "${path}${unknown}" of ${target}.${valid}`;
  }
  // Zod begins each message with what kind of failure it is.
  const expectation = issue?.message.replace(/^[^:]*: /, '');
  return `Invalid option "${issue?.path.join('.')}" of ${target}: ${expectation}.`;
}

const validNames = ({ shape }: z.ZodObject) =>
  Object.entries(shape)
    .filter(([, option]) => (option as z.ZodType).meta()?.['visible'] !== false)
    .map(([name]) => name)
    .join(', ');

function isExpected(error: unknown): error is Error {
  return (
    error instanceof PipelineError ||
    error instanceof OciError ||
    error instanceof ImageRegistryError
  );
}
