import { findHealth, findPort, handlesStopSignal, listensOnLoopback, readsPort } from './app-facts';

const source = (text: string) => [{ path: 'src/main.ts', text }];

describe('facts found in the sources of an app', () => {
  it.each([
    ['process.env.PORT || 3333', 3333],
    ["Number(process.env['PORT'] ?? '8080')", 8080],
    ['process.env.PORT ? Number(process.env.PORT) : 3000', 3000],
    ['process.env.PORT ? parse(process.env.PORT) : standard', undefined],
    ['app.listen(5000)', 5000],
    ['const port = 4200;', 4200],
    ['new Pool({ port: 5432 })', undefined],
    ['app.listen(99999)', undefined],
    ['const support = 3000', undefined],
    ['', undefined],
  ])('the port in %s', (text, port) => {
    expect(findPort(source(text))).toBe(port);
  });

  it.each([
    ["app.get('/health', x); app.get('/health/live', y)", '/health/live'],
    ['app.get("/healthz", x)', '/healthz'],
    ['app.get(`/ping`, x)', '/ping'],
    ["fetch('/health/check')", undefined],
    ["app.get('/', (req, res) => {", '/'],
    ["fastify.get('/', async function () {", '/'],
    ["app.get('/users', x); client.get('/', x)", undefined],
  ])('the health route in %s', (text, path) => {
    expect(findHealth(source(text))).toBe(path);
  });

  it.each([
    ["app.setGlobalPrefix('api');", '/api'],
    ['app.setGlobalPrefix("/api/v1/", { exclude: [] });', '/api/v1'],
    ["const globalPrefix = 'api';\n  app.setGlobalPrefix(globalPrefix);", '/api'],
    ['app.setGlobalPrefix(config.prefix);', undefined],
    ['app.setGlobalPrefix(prefix);', undefined],
    ['app.listen(3000);', '/'],
  ])('the health route of a Nest app without one, with %s', (text, path) => {
    const controller = '@Controller()\nexport class AppController {\n  @Get()\n  getData() {}\n}';
    expect(findHealth([...source(text), ...source(controller)])).toBe(path);
    expect(findHealth([...source(text), ...source('@Controller("users")')])).toBeUndefined();
  });

  it.each([
    ["process.on('SIGTERM', () => server.close())", true],
    ['app.enableShutdownHooks();', true],
    ["import closeWithGrace from 'close-with-grace';", true],
    ['app.listen(port, host, () => {', false],
  ])('whether it handles its stop signal, with %s', (text, handles) => {
    expect(handlesStopSignal(source(text))).toBe(handles);
  });

  it('include whether it reads the port and listens on loopback', () => {
    expect(readsPort(source('process.env.PORT'))).toBe(true);
    expect(readsPort(source('listen(3000)'))).toBe(false);
    expect(listensOnLoopback(source("app.listen(port, '127.0.0.1')"))).toBe(true);
    expect(listensOnLoopback(source('app.listen(port, host)'))).toBe(false);
  });
});
