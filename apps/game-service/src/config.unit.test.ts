import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { loadConfig } from '@typerush/service-kit';
import { configSchema } from './config';

const SESSION_SECRET = 'x'.repeat(32);
const SERVICE_TOKEN = 'y'.repeat(32);

describe('.env.example', () => {
  const example = parseEnv(readFileSync(join(__dirname, '../.env.example'), 'utf8'));

  it('lists every variable and no other', () => {
    expect(Object.keys(example).sort()).toEqual(Object.keys(configSchema.shape).sort());
  });

  it('is accepted, but for the secrets, which it leaves to the reader', () => {
    expect(() => loadConfig(configSchema, example)).toThrow(/SESSION_SECRET is not set/);
    expect(() => loadConfig(configSchema, { ...example, SESSION_SECRET })).toThrow(
      /SERVICE_TOKEN is not set/,
    );
    expect(() =>
      loadConfig(configSchema, { ...example, SESSION_SECRET, SERVICE_TOKEN }),
    ).not.toThrow();
  });

  it('shows the defaults', () => {
    const shown = loadConfig(configSchema, { ...example, SESSION_SECRET, SERVICE_TOKEN });
    const { RECORD_SERVICE_URL: url, SERVICE_TOKEN: token, ...defaults } = shown;
    expect([url, token]).toEqual(['http://127.0.0.1:3001', SERVICE_TOKEN]);
    expect(loadConfig(configSchema, { SESSION_SECRET })).toEqual(defaults);
  });
});

describe('the configuration', () => {
  it.each([
    { SESSION_SECRET: 'x'.repeat(31) },
    { SESSION_TTL: '30s' },
    { SESSION_TTL: '8d' },
    { SESSIONS_PER_MINUTE: '0' },
    { TRUSTED_PROXIES: 'true' },
    { RECORD_SERVICE_URL: 'record-service' },
    { RECORD_SERVICE_URL: 'file:///etc/passwd' },
    { SERVICE_TOKEN: 'short' },
    { OUTBOX_LIMIT_MB: '0' },
  ])('is refused with %j', (change) => {
    const [variable] = Object.keys(change);
    expect(() => loadConfig(configSchema, { SESSION_SECRET, ...change })).toThrow(
      `  ${variable} is `,
    );
  });
});
