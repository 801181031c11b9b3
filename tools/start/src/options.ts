import { parseArgs } from 'node:util';
import { z } from 'zod';
import { StartError } from './start-error';

type Variables = Record<string, string | undefined>;

const port = (fallback: number) => z.coerce.number().int().min(1).max(65535).default(fallback);

const variables = z.object({
  ECR_LOCAL_PORT: port(5100),
  ECR_LOCAL_DATA: z.string().min(1).default('.ecr-local'),
  GAME_SERVICE_PORT: port(3000),
  RECORD_SERVICE_PORT: port(3001),
  WEB_PORT: port(5173),
  PGLITE_DIR: z.string().min(1).default('.pglite/record-service'),
  DATABASE_URL: z.string().min(1).optional(),
  OUTBOX_DIR: z.string().min(1).default('.outbox/game-service'),
});

/** The options of `npm start`: ports and folders by environment variables, the rest by flags. */
export type StartOptions = z.infer<typeof variables> & {
  /** `npm run dev`: from source, with reload. */
  dev: boolean;
  json: boolean;
  help: boolean;
};

export const usage = `npm start: the whole of TypeRush on this machine

Starts the local ECR, deploys the repositories into it, builds and pushes every image, and starts the services.
Ctrl-C stops everything; data is kept, and the next start continues with it.

  npm start                     everything, with progress
  npm start -- --json           one line of JSON when everything answers, nothing else on standard output
  npm start -- --help           this text
  npm run dev                   only the services and the page, from source, on the same data: each reloads after a change

variable             default                   meaning
ECR_LOCAL_PORT       5100                      port of the local ECR
ECR_LOCAL_DATA       .ecr-local                its data
GAME_SERVICE_PORT    3000                      port of game-service
RECORD_SERVICE_PORT  3001                      port of record-service
WEB_PORT             5173                      port of the page in npm run dev
PGLITE_DIR           .pglite/record-service    embedded PostgreSQL of record-service
DATABASE_URL                                   a PostgreSQL to use instead of the embedded one
OUTBOX_DIR           .outbox/game-service      results that record-service does not have yet
`;

/** Reads flags and environment. @throws StartError `BAD_OPTION` that names all invalid ones */
export function readOptions(argv: string[], env: Variables): StartOptions {
  const flags = readFlags(argv);
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(set);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    throw new StartError(
      'BAD_OPTION',
      `Invalid environment variables:\n${lines.join('\n')}\n` +
        'Correct or unset them; `npm start -- --help` lists all variables.',
    );
  }
  return { ...parsed.data, ...flags };
}

function readFlags(args: string[]): Pick<StartOptions, 'dev' | 'json' | 'help'> {
  try {
    const { values } = parseArgs({
      args,
      options: {
        dev: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('. ')[0] : String(cause);
    throw new StartError('BAD_OPTION', `${reason}. \`npm start -- --help\` lists all options.`, {
      cause,
    });
  }
}
