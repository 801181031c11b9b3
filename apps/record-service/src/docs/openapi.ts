import { STATUS_CODES } from 'node:http';
import {
  accountRecordsSchema,
  aroundRequestSchema,
  boardIdSchema,
  finishedRoundSchema,
  historyPageSchema,
  historyRequestSchema,
  leaderboardPageSchema,
  leaderboardRequestSchema,
  matchKeySchema,
  personalBestsSchema,
  playerIdSchema,
  problemDetailsSchema,
  profileSchema,
  recordedMatchSchema,
  recordsSchema,
} from '@typerush/contracts';
import { z } from 'zod';

/** One route, as its controller binds it. */
export interface Operation {
  readonly method: 'get' | 'post';
  /** With parameters in braces. */
  readonly path: string;
  readonly summary: string;
  readonly parameters?: Readonly<Record<string, z.ZodType>>;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Statuses of success; the body is the same for each. */
  readonly success: readonly number[];
  readonly response: z.ZodType;
  readonly errors: readonly number[];
  /** Needs the token of a service. */
  readonly isInternal?: boolean;
}

const playerId = { playerId: playerIdSchema };
const board = { board: boardIdSchema };

export const operations: readonly Operation[] = [
  {
    method: 'post',
    path: '/v1/matches',
    summary: 'Records a round, ranked by its replays. A repetition is 200, other content 409.',
    body: finishedRoundSchema,
    success: [201, 200],
    response: recordedMatchSchema,
    errors: [400, 401, 409, 413, 422, 503],
    isInternal: true,
  },
  {
    method: 'get',
    path: '/v1/matches/{raceId}/{round}',
    summary: 'A recorded match, without its replays.',
    parameters: matchKeySchema.shape,
    success: [200],
    response: recordedMatchSchema,
    errors: [400, 404, 503],
  },
  {
    method: 'get',
    path: '/v1/leaderboards/{board}',
    summary: 'A page of a leaderboard of all time, a day or a week.',
    parameters: board,
    query: leaderboardRequestSchema,
    success: [200],
    response: leaderboardPageSchema,
    errors: [400, 503],
  },
  {
    method: 'get',
    path: '/v1/leaderboards/{board}/around/{playerId}',
    summary: 'The part of a leaderboard around a player.',
    parameters: { ...board, ...playerId },
    query: aroundRequestSchema,
    success: [200],
    response: leaderboardPageSchema,
    errors: [400, 404, 503],
  },
  {
    method: 'get',
    path: '/v1/players/{playerId}',
    summary: 'The profile of a player: sums and averages.',
    parameters: playerId,
    success: [200],
    response: profileSchema,
    errors: [400, 404, 503],
  },
  {
    method: 'get',
    path: '/v1/players/{playerId}/bests',
    summary: 'The personal bests of a player, one for each board.',
    parameters: playerId,
    success: [200],
    response: personalBestsSchema,
    errors: [400, 404, 503],
  },
  {
    method: 'get',
    path: '/v1/players/{playerId}/matches',
    summary: 'The matches of a player, the latest first.',
    parameters: playerId,
    query: historyRequestSchema,
    success: [200],
    response: historyPageSchema,
    errors: [400, 404, 503],
  },
  {
    method: 'get',
    path: '/records',
    summary: 'The record of each board, by mode.',
    success: [200],
    response: recordsSchema,
    errors: [503],
  },
  {
    method: 'get',
    path: '/records/{accountId}',
    summary: 'Personal records and the latest matches of an account (a player), by mode.',
    parameters: { accountId: playerIdSchema },
    success: [200],
    response: accountRecordsSchema,
    errors: [400, 404, 503],
  },
];

/** The OpenAPI 3.1 description of the service, from the schemas of the contracts. */
export function describeApi(): object {
  return {
    openapi: '3.1.0',
    info: { title: 'record-service', version: '1', description: 'The records of TypeRush.' },
    paths: pathsOf(operations),
    components: {
      securitySchemes: { service: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: schemaOf(problemDetailsSchema, 'output') },
    },
  };
}

function pathsOf(all: readonly Operation[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of all) {
    (paths[operation.path] ??= {})[operation.method] = describe(operation);
  }
  return paths;
}

function describe({ parameters = {}, query, body, isInternal, ...operation }: Operation): object {
  return {
    operationId: `${operation.method} ${operation.path}`,
    summary: operation.summary,
    parameters: [
      ...Object.entries(parameters).map(([name, schema]) =>
        parameterOf(name, schema, 'path', true),
      ),
      ...Object.entries(query?.shape ?? {}).map(([name, schema]) =>
        parameterOf(name, schema as z.ZodType, 'query', false),
      ),
    ],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } },
    }),
    ...(isInternal && { security: [{ service: [] }] }),
    responses: Object.fromEntries([
      ...operation.success.map((status) => [
        String(status),
        response(status, 'application/json', schemaOf(operation.response, 'output')),
      ]),
      ...operation.errors.map((status) => [
        String(status),
        response(status, 'application/problem+json', { $ref: '#/components/schemas/Problem' }),
      ]),
    ]) as object,
  };
}

const response = (status: number, type: string, schema: object) => ({
  description: STATUS_CODES[status],
  content: { [type]: { schema } },
});

const parameterOf = (name: string, schema: z.ZodType, place: string, required: boolean) => ({
  name,
  in: place,
  required,
  schema: schemaOf(schema),
});

function schemaOf(schema: z.ZodType, io: 'input' | 'output' = 'input'): object {
  const described = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  // The same for the whole document.
  delete described.$schema;
  return described;
}
