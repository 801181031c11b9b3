import { type Environment } from '@typerush/image-registry';
import pc from 'picocolors';
import { grid, type Report } from '@typerush/terminal-output';
import { type Verification } from './verify-registry';

/** The drift as a table. */
export function describeVerification(verification: Verification): Report {
  const { environment, declared, drift } = verification;
  const drifted = new Set(drift.map(({ repository }) => repository)).size;
  if (drift.length === 0) {
    return {
      data: verification,
      text: `${pc.green('no drift')} ${environment}: ${counted(declared, 'repository', 'repositories')} as declared\n`,
    };
  }
  const title = `${environment}: ${counted(drift.length, 'difference', 'differences')} in ${counted(drifted, 'repository', 'repositories')}`;
  return {
    data: verification,
    text: `${grid(
      title,
      ['repository', 'property', 'declared', 'standing'],
      [
        ...drift.map((each) => [
          each.repository,
          shortened(each.property),
          shown(each.declared),
          shown(each.standing),
        ]),
      ],
    )}\n${remedy(environment)}\n`,
  };
}

/** A deployment alone changes no resource that is declared as it was. */
const remedy = (environment: Environment) =>
  environment === 'local'
    ? 'What is declared anew comes with nx run infra:deploy -c local; set back by hand what was changed past the stacks.'
    : `Bring it to what is declared: nx run infra:deploy -c ${environment}, with --revert-drift for what was changed past the stacks.`;

const counted = (count: number, one: string, many: string) =>
  `${count} ${count === 1 ? one : many}`;

const longest = 60;

function shown(value: unknown): string {
  if (value === null) return '-';
  return shortened(typeof value === 'string' ? value : JSON.stringify(value));
}

const shortened = (text: string) =>
  text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
