import { AwsApiModel, awsError } from '@typerush/image-registry/testing';
import { type Sandbox } from './sandbox';

/** An output of the API, in which a Date represents a timestamp, or the name of an error. */
export type AwsAnswer = { readonly output: object } | { readonly error: string };

interface Command {
  readonly model: AwsApiModel;
  readonly operation: string;
  /** What `--query ... --output text` prints, for each query that a script has. */
  readonly queries: Readonly<Record<string, (output: never) => string>>;
}

interface Build {
  readonly id: string;
  readonly buildStatus: string;
  readonly buildNumber: number;
}

const commands = {
  'ssm get-parameter': {
    model: AwsApiModel.ssm,
    operation: 'GetParameter',
    queries: {
      'Parameter.Value': ({ Parameter }: { Parameter: { Value: string } }) => Parameter.Value,
    },
  },
  'ssm put-parameter': {
    model: AwsApiModel.ssm,
    operation: 'PutParameter',
    queries: {},
  },
  'codebuild list-builds-for-project': {
    model: AwsApiModel.codebuild,
    operation: 'ListBuildsForProject',
    queries: { ids: ({ ids }: { ids: string[] }) => ids.join('\t') },
  },
  'codebuild batch-get-builds': {
    model: AwsApiModel.codebuild,
    operation: 'BatchGetBuilds',
    queries: {
      "builds[?buildStatus=='IN_PROGRESS' && buildNumber<`7`].[id]": (output: {
        builds: Build[];
      }) =>
        output.builds
          .filter((each) => each.buildStatus === 'IN_PROGRESS' && each.buildNumber < 7)
          .map(({ id }) => id)
          .join('\n'),
    },
  },
} satisfies Record<string, Command>;

export type AwsCommand = keyof typeof commands;

/**
 * The bash script of an `aws` with one answer, checked against the API's model: what the API cannot return, or an error that
 * the operation does not have, fails the test.
 */
export function answered(name: AwsCommand, answer: AwsAnswer): string {
  const { model, operation, queries }: Command = commands[name];
  if ('error' in answer) {
    model.assertError(operation, awsError(answer.error, ''));
    const message = `An error occurred (${answer.error}) when calling the ${operation} operation: `;
    return `echo ${quoted(message)} >&2; exit 254`;
  }
  const output = model.output(operation, answer.output);
  const cases = Object.entries(queries).map(
    ([query, print]) =>
      `*${quoted(`--query ${query}`)}*) printf '%s\\n' ${quoted(print(output as never))} ;;`,
  );
  return `case "$*" in ${cases.join(' ')} *--query*) echo "unknown query: $*" >&2; exit 2 ;; esac`;
}

/** Answers a command each; any other fails. */
export function answeredEach(answers: Partial<Record<AwsCommand, AwsAnswer>>): string {
  const cases = Object.entries(answers).map(
    ([name, answer]) => `${quoted(name)}) ${answered(name as AwsCommand, answer)} ;;`,
  );
  return `case "$1 $2" in ${cases.join(' ')} *) echo "unexpected: $*" >&2; exit 2 ;; esac`;
}

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Options of the CLI itself. */
const ofTheCli = new Set(['query', 'output', 'no-paginate', 'region']);

/** The commands that were run, after a check of the request of each against the API's model. */
export async function awsCalls(sandbox: Sandbox): Promise<string[]> {
  const calls = await sandbox.calls('aws');
  for (const call of calls) {
    const [words = '', ...options] = call.split(' --');
    const { model, operation }: Command = commands[words as AwsCommand];
    const members = model.inputMembers(operation);
    const input = options
      .map((option) => option.split(' '))
      .filter(([name = '']) => !ofTheCli.has(name))
      .map(([name = '', ...values]) => {
        const member = Object.keys(members).find(
          (each) => each.toLowerCase() === name.replaceAll('-', ''),
        );
        if (!member) throw new Error(`${words} has no option --${name}: ${call}`);
        if (members[member] === 'list') return [member, values];
        return [member, members[member] === 'boolean' ? true : values.join(' ')];
      });
    model.assertInput(operation, Object.fromEntries(input));
  }
  return calls;
}
