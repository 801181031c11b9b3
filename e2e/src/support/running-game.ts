import { randomBytes } from 'node:crypto';
import { freePort } from './free-port';
import { BuiltService } from './service-process';
import { WorkspaceCopy } from './workspace-copy';

const secret = () => randomBytes(32).toString('hex');

/** Both services, as their images contain them, with an embedded database. */
export class RunningGame {
  private readonly serviceToken = secret();
  private readonly sessionSecret = secret();
  private records: BuiltService | undefined;
  private game: BuiltService | undefined;

  private constructor(
    private readonly workspace: WorkspaceCopy,
    private readonly recordPort: number,
  ) {}

  static async start(): Promise<RunningGame> {
    const workspace = await WorkspaceCopy.create();
    await workspace.nxOk(['run-many', '-t', 'build', '-p', 'game-service,record-service']);
    const running = new RunningGame(workspace, await freePort());
    await running.startRecords();
    running.game = await running.service('game-service', {
      SESSION_SECRET: running.sessionSecret,
      RECORD_SERVICE_URL: `http://127.0.0.1:${running.recordPort}`,
      SERVICE_TOKEN: running.serviceToken,
      OUTBOX_DIR: workspace.path('.outbox/game-service'),
    });
    return running;
  }

  /** The address of the page. */
  get url(): string {
    if (!this.game) throw new Error('game-service was not started');
    return this.game.url;
  }

  async startRecords(): Promise<void> {
    this.records = await this.service('record-service', {
      PORT: String(this.recordPort),
      SERVICE_TOKEN: this.serviceToken,
      PGLITE_DIR: this.workspace.path('.pglite/record-service'),
    });
  }

  async stopRecords(): Promise<void> {
    await this.records?.stop();
    this.records = undefined;
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
