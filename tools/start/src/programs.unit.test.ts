import { readOptions } from './options';
import { planDevelopment, planPrograms } from './programs';

const plan = (env: Record<string, string> = {}) => planPrograms(readOptions([], env));
const service = (name: string, env?: Record<string, string>) =>
  plan(env).services.find((program) => program.name === name);

describe('planPrograms', () => {
  it('starts record-service before game-service, which gets its URL', () => {
    const { services } = plan({ RECORD_SERVICE_PORT: '4001' });
    expect(services.map(({ name }) => name)).toEqual(['record-service', 'game-service']);
    expect(services[1]?.env.RECORD_SERVICE_URL).toBe('http://127.0.0.1:4001');
  });

  it('lets game-service write to record-service, and keep results in a folder meanwhile', () => {
    const [records, game] = plan({ OUTBOX_DIR: '/data/outbox' }).services;
    expect(game?.env.SERVICE_TOKEN).toBe(records?.env.SERVICE_TOKEN);
    expect(game?.env.OUTBOX_DIR).toBe('/data/outbox');
  });

  it('makes new secrets for every start', () => {
    expect(service('game-service')?.env.SESSION_SECRET).toHaveLength(43);
    expect(service('game-service')?.env.SESSION_SECRET).not.toBe(
      service('game-service')?.env.SESSION_SECRET,
    );
  });

  it('uses the embedded PostgreSQL unless another is given', () => {
    expect(service('record-service')?.env).toHaveProperty('PGLITE_DIR');
    const env = service('record-service', { DATABASE_URL: 'postgresql://localhost/records' })?.env;
    expect(env).toMatchObject({ DATABASE_URL: 'postgresql://localhost/records' });
    expect(env).not.toHaveProperty('PGLITE_DIR');
  });
});

describe('planDevelopment', () => {
  const { services, page } = planDevelopment(readOptions(['--dev'], { WEB_PORT: '6000' }));

  it('runs the services from source, on the ports and the data of npm start', () => {
    const started = plan().services;
    expect(services.map(({ name, port }) => [name, port])).toEqual(
      started.map(({ name, port }) => [name, port]),
    );
    expect(services.map(({ args }) => args)).toEqual([
      ['run', 'record-service:serve'],
      ['run', 'game-service:serve'],
    ]);
    expect(services[0]?.env).toMatchObject({ PGLITE_DIR: started[0]?.env.PGLITE_DIR });
  });

  it('sends the requests of the page to game-service', () => {
    expect(page.args).toContain('--port=6000');
    expect(page.env.GAME_SERVICE_URL).toBe('http://127.0.0.1:3000');
  });
});
