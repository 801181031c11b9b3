import { type Environment } from '@typerush/image-registry';
import { grid, type Report } from '@typerush/terminal-output';
import pc from 'picocolors';
import { type DriftReport } from './find-drift';

/** The drift as a table; any drift fails. */
export function describeDrift(report: DriftReport): Report {
  const { environment, declared, drift } = report;
  const inSync = `${pc.green('no drift')} ${environment}: ${counted(declared, 'repository', 'repositories')} as declared\n`;
  const passed = drift.length === 0;
  return { data: report, text: passed ? inSync : differencesTable(report), passed };
}

function differencesTable({ environment, drift }: DriftReport): string {
  const drifted = new Set(drift.map(({ repository }) => repository)).size;
  const title = `${environment}: ${counted(drift.length, 'difference', 'differences')} in ${counted(drifted, 'repository', 'repositories')}`;
  const rows = drift.map(({ repository, property, declared, actual }) => [
    repository,
    shortened(property),
    shown(declared),
    shown(actual),
  ]);
  const heading = ['repository', 'property', 'declared', 'actual'];
  return `${grid(title, heading, rows)}\n${remedy(environment)}\n`;
}

/** A deployment does not change a resource whose declaration did not change. */
const remedy = (environment: Environment) =>
  environment === 'local'
    ? 'Deploy changed declarations: nx run infra:deploy -c local. Revert changes made outside the stacks by hand.'
    : `Fix: nx run infra:deploy -c ${environment}; add --revert-drift to undo changes made outside the stacks.`;

const counted = (count: number, one: string, many: string) =>
  `${count} ${count === 1 ? one : many}`;

function shown(value: unknown): string {
  if (value === null) return '-';
  return shortened(typeof value === 'string' ? value : JSON.stringify(value));
}

const maxLength = 60;

const shortened = (text: string) =>
  text.length > maxLength ? `${text.slice(0, maxLength - 3)}...` : text;
