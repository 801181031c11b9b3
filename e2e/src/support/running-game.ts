import { randomBytes } from 'node:crypto';
import { freePort } from './free-port';
import { BuiltService } from './service-process';
import { WorkspaceCopy } from './workspace-copy';

const secret = () => randomBytes(32).toString('hex');

/** Both services, as their images contain them. */
export class RunningGame {
  private readonly serviceToken = secret();
  private readonly sessionSecret = secret();
  private records: BuiltService | undefined;
  private game: BuiltService | undefined;

  private constructor(
    private readonly workspace: WorkspaceCopy,
    private readonly recordPort: number,
    private readonly database: Readonly<Record<string, string>>,
  ) {}

  /** @param databaseUrl of PostgreSQL. @default an embedded database */
  static async start(databaseUrl?: string): Promise<RunningGame> {
    const workspace = await WorkspaceCopy.create();
    await workspace.nxOk(['run-many', '-t', 'build', '-p', 'game-service,record-service']);
    const running = new RunningGame(
      workspace,
      await freePort(),
      databaseUrl
        ? { DATABASE_URL: databaseUrl }
        : { PGLITE_DIR: workspace.path('.pglite/record-service') },
    );
    await running.startRecords();
    await running.startGame();
    return running;
  }

  /** The address of the page. */
  get url(): string {
    if (!this.game) throw new Error('game-service was not started');
    return this.game.url;
  }

  /** The address of record-service, also while it is down. */
  get recordsUrl(): string {
    return `http://127.0.0.1:${this.recordPort}`;
  }

  /** Where game-service keeps results that record-service does not have. */
  get outbox(): string {
    return this.workspace.path('.outbox/game-service');
  }

  async startRecords(): Promise<void> {
    this.records = await this.service('record-service', {
      PORT: String(this.recordPort),
      SERVICE_TOKEN: this.serviceToken,
      ...this.database,
    });
  }

  async stopRecords(): Promise<void> {
    await this.records?.stop();
    this.records = undefined;
  }

  async killRecords(): Promise<void> {
    await this.records?.kill();
    this.records = undefined;
  }

  async startGame(): Promise<void> {
    this.game = await this.service('game-service', {
      SESSION_SECRET: this.sessionSecret,
      SESSIONS_PER_MINUTE: '1000',
      RECORD_SERVICE_URL: this.recordsUrl,
      SERVICE_TOKEN: this.serviceToken,
      OUTBOX_DIR: this.outbox,
    });
  }

  async killGame(): Promise<void> {
    await this.game?.kill();
    this.game = undefined;
  }

  async stop(): Promise<void> {
    await this.game?.stop();
    await this.stopRecords();
    await this.workspace.remove();
  }

  private async service(name: string, variables: Record<string, string>): Promise<BuiltService> {
    const main = `dist/apps/${name}/service/main.js`;
    const service = await BuiltService.start(this.workspace.root, [main], variables);
    await service.untilAnswers('/health/ready');
    return service;
  }
}
