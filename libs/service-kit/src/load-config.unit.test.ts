import { z } from 'zod';
import { serviceVariables } from './config-variables';
import { ConfigError, type Environment, loadConfig } from './load-config';

const schema = z.object({
  ...serviceVariables({ port: 3000 }),
  SECRET: z.string().min(8, 'is too short').describe('a long secret'),
  LIST: z
    .string()
    .transform((text) => ({ items: text.split(',') }))
    .optional(),
});

function failure(env: Environment): ConfigError {
  try {
    loadConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the environment was accepted');
}

describe('the configuration', () => {
  it('has the defaults, durations in milliseconds', () => {
    expect(loadConfig(schema, { SECRET: 'long enough', PATH: '/bin' })).toEqual({
      PORT: 3000,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      SHUTDOWN_DELAY: 0,
      SHUTDOWN_LIMIT: 10_000,
      SECRET: 'long enough',
    });
  });

  it('treats an empty variable as not set', () => {
    const config = loadConfig(schema, { SECRET: 'long enough', PORT: '', HOST: ' ' });
    expect(config).toMatchObject({ PORT: 3000, HOST: '127.0.0.1' });
    expect(failure({ SECRET: '' }).message).toContain(
      'SECRET is not set. Set it to a long secret.',
    );
  });

  it('is frozen recursively', () => {
    const config = loadConfig(schema, { SECRET: 'long enough', LIST: 'a,b' });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.LIST?.items)).toBe(true);
  });

  it('names all invalid variables with a fix', () => {
    const error = failure({ PORT: '70000', LOG_LEVEL: 'loud', SHUTDOWN_LIMIT: 'soon' });
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.problems.map(({ variable }) => variable)).toEqual([
      'PORT',
      'LOG_LEVEL',
      'SHUTDOWN_LIMIT',
      'SECRET',
    ]);
    expect(error.message.split('\n')).toHaveLength(5);
    for (const { hint } of error.problems) expect(error.message).toContain(`Set it to ${hint}.`);
  });

  it('does not reveal values', () => {
    const error = failure({
      SECRET: 'hunter2',
      PORT: 'hunter3',
      LOG_LEVEL: 'hunter4',
      HOST: 'hunter/5',
    });
    expect(error.problems).toHaveLength(4);
    expect(JSON.stringify(error.problems) + error.message).not.toContain('hunter');
  });

  it('reports a rule that spans variables', () => {
    const both = z
      .object({ A: z.string().optional(), B: z.string().optional() })
      .refine(({ A, B }) => !(A && B), 'has both A and B: set one');
    expect(() => loadConfig(both, { A: '1', B: '2' })).toThrow('configuration has both A and B');
  });
});
