import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { loadConfig } from '@typerush/service-kit';
import { configSchema } from './config';

const token = 'x'.repeat(32);

describe('configuration', () => {
  it('needs nothing but the service token', () => {
    expect(loadConfig(configSchema, { SERVICE_TOKEN: token })).toMatchObject({
      PORT: 3001,
      HOST: '127.0.0.1',
      DATABASE_POOL_SIZE: 10,
      DATABASE_WAIT: 60_000,
      PGLITE_DIR: '.pglite/record-service',
    });
  });

  it('takes .env.example, which names every variable, with a token of its own', () => {
    const text = readFileSync(join(__dirname, '../.env.example'), 'utf8');
    expect(() => loadConfig(configSchema, parseEnv(text))).toThrow('SERVICE_TOKEN is not set');
    const env = { ...parseEnv(text), SERVICE_TOKEN: token };
    expect(() => loadConfig(configSchema, env)).not.toThrow();
    const withOptional = {
      ...parseEnv(text.replace(/^# (?=[A-Z_]+=)/gm, '')),
      SERVICE_TOKEN: token,
    };
    expect(Object.keys(withOptional).sort()).toEqual(Object.keys(configSchema.shape).sort());
    expect(() => loadConfig(configSchema, withOptional)).not.toThrow();
  });

  it.each([
    ['SERVICE_TOKEN', undefined],
    ['SERVICE_TOKEN', 'x'.repeat(31)],
    ['SERVICE_TOKEN', `${token} ${token}`],
    ['SERVICE_TOKEN', 'change-me-change-me-change-me-change-me'],
    ['DATABASE_URL', 'localhost:5432'],
    ['DATABASE_URL', 'mysql://user:s3cret@localhost/records'],
    ['DATABASE_POOL_SIZE', '0'],
    ['DATABASE_POOL_SIZE', 'ten'],
    ['DATABASE_WAIT', '60'],
  ])('refuses %s=%s by name, without its value', (variable, value) => {
    const load = () => loadConfig(configSchema, { SERVICE_TOKEN: token, [variable]: value });
    expect(load).toThrow(variable);
    expect(load).not.toThrow('s3cret');
  });
});
