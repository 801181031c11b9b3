import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { FakeEcs, type TaskRunner } from '@typerush/service-deployment/testing';

/** A cluster of Amazon ECS with several services, over HTTP: each is a FakeEcs, which checks its calls against AWS's model. */
export class EcsCluster {
  /** Images whose tasks end at once, by digest. */
  readonly crashing = new Set<string>();
  private readonly services = new Map<string, FakeEcs>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      void buffer(request).then(async (body) => {
        const service = [...this.services.keys()].find((name) => body.includes(name)) ?? '';
        const answer = await fetch(this.service(service).endpoint, {
          method: 'POST',
          headers: { 'x-amz-target': String(request.headers['x-amz-target']) },
          body,
        });
        const type = answer.headers.get('x-amzn-errortype');
        response.writeHead(answer.status, type === null ? {} : { 'x-amzn-errortype': type });
        response.end(Buffer.from(await answer.arrayBuffer()));
      });
    });
  }

  /** @param images What each service runs first. */
  static async start(
    cluster: string,
    images: Readonly<Record<string, string>>,
  ): Promise<EcsCluster> {
    const ecs = new EcsCluster();
    for (const [service, image] of Object.entries(images)) {
      const fake = await FakeEcs.start({ cluster, service }, ecs.tasks);
      ecs.services.set(service, fake);
      const containerDefinitions = [{ name: service, image }];
      await fake.createService(
        fake.declare({ family: `${cluster}-${service}`, containerDefinitions }),
      );
    }
    await new Promise<void>((resolve) => ecs.server.listen(0, '127.0.0.1', resolve));
    return ecs;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  service(name: string): FakeEcs {
    const found = this.services.get(name);
    if (!found) throw new Error(`there is no service "${name}"`);
    return found;
  }

  /** The digest that a service runs. */
  running(service: string): string {
    return String(this.service(service).runningImage).split('@')[1] ?? '';
  }

  /** @throws Error of the model for the first call that AWS would have refused */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    for (const fake of this.services.values()) await fake.stop();
  }

  private readonly tasks: TaskRunner = {
    start: async ({ containerDefinitions }) => {
      const [{ image = '' } = {}] = containerDefinitions as { image?: string }[];
      const crashes = this.crashing.has(image.split('@')[1] ?? '');
      return {
        state: async () => (crashes ? 'stopped' : 'healthy'),
        stop: async () => undefined,
      };
    },
  };
}
