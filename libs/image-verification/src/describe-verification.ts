import pc from 'picocolors';
import { type Report } from '@typerush/terminal-output';
import { type Check } from './check';
import { type Subject } from './subject';
import { type TrialReport } from './verify-service';

const shown = 20;

/** Every check and what to do about those that failed, for machines and for people. */
export function describeVerification(
  { service, built }: Subject,
  checks: readonly Check[],
  trial: TrialReport,
): Report & { readonly passed: boolean } {
  const { checks: tried, ...run } = trial;
  const all = [...checks, ...tried];
  const failing = all.filter(({ outcome }) => outcome === 'failed');
  const passed = failing.length === 0;
  const { project } = service;
  return {
    passed,
    data: { service: project, digest: built.digest, passed, ...run, checks: all },
    text: [
      pc.bold(`${project}: verified ${built.digest.slice(0, 19)}, built with ${built.engine}`),
      ...section('the image', checks),
      ...section(`run with ${trial.runtime}, ${trial.platform}`, tried),
      ...(trial.lacks ? [`  ${pc.yellow('note')} ${trial.lacks}`] : []),
      ...describeColdStart(trial),
      passed
        ? `${pc.green('passed')}: ${all.length} checks`
        : `${pc.red('failed')}: ${failing.map(({ id }) => id).join(', ')}`,
      '',
    ].join('\n'),
  };
}

function section(title: string, checks: readonly Check[]): string[] {
  return [`  ${pc.dim(title)}`, ...checks.flatMap(describeCheck)];
}

const marks = { passed: pc.green('pass'), failed: pc.red('FAIL'), skipped: pc.yellow('skip') };

function describeCheck({ id, fact, outcome, details, remedy }: Check): string[] {
  const line = `  ${marks[outcome]}  ${id.padEnd(20)}  ${fact}`;
  if (outcome !== 'failed') return [details.length > 0 ? `${line} (${details.join(', ')})` : line];
  const more = details.length - shown;
  return [
    line,
    ...details.slice(0, shown).map((detail) => `          ${detail}`),
    ...(more > 0 ? [`          and ${more} more`] : []),
    `          ${pc.dim('to do:')} ${remedy ?? ''}`,
  ];
}

function describeColdStart({ coldStart: { liveMs, readyMs } }: TrialReport): string[] {
  if (liveMs === undefined) return [];
  const ready = readyMs === undefined ? '' : `, ready after ${readyMs} ms`;
  return [`  cold start: alive after ${liveMs} ms${ready}`];
}
