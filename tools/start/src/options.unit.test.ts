import { readOptions } from './options';

describe('readOptions', () => {
  it('falls back to the documented ports and folders', () => {
    expect(readOptions([], {})).toEqual({
      ECR_LOCAL_PORT: 5100,
      ECR_LOCAL_DATA: '.ecr-local',
      GAME_SERVICE_PORT: 3000,
      RECORD_SERVICE_PORT: 3001,
      WEB_PORT: 5173,
      PGLITE_DIR: '.pglite/record-service',
      OUTBOX_DIR: '.outbox/game-service',
      DATABASE_URL: undefined,
      dev: false,
      json: false,
      help: false,
    });
  });

  it('treats an empty variable as not set', () => {
    expect(readOptions([], { GAME_SERVICE_PORT: '' }).GAME_SERVICE_PORT).toBe(3000);
  });

  it('names every invalid variable', () => {
    const read = () => readOptions([], { GAME_SERVICE_PORT: '70000', ECR_LOCAL_PORT: 'five' });
    expect(read).toThrow(/ECR_LOCAL_PORT: [^]*GAME_SERVICE_PORT: [^]*--help/);
  });

  it('rejects an unknown flag', () => {
    expect(() => readOptions(['--jsn'], {})).toThrow(/--jsn.*--help/);
  });
});
