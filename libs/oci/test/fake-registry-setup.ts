import { RegistryClient, type RegistryClientOptions } from '../src/registry/registry-client';
import { FakeRegistry, type FakeRegistryOptions } from './fake-registry';

/** Retries without noticeable pauses. */
const quickRetry = { retries: 3, minDelayMs: 1, maxDelayMs: 2 };

/** Starts fake registries with a client each, and stops them after the test. */
export function fakeRegistries() {
  const running: FakeRegistry[] = [];
  afterEach(() => Promise.all(running.splice(0).map((registry) => registry.stop())));
  return async (
    options: FakeRegistryOptions = {},
    client: Partial<RegistryClientOptions> = {},
  ): Promise<{ registry: FakeRegistry; host: string; client: RegistryClient }> => {
    const registry = new FakeRegistry(options);
    running.push(registry);
    const host = await registry.start();
    return {
      registry,
      host,
      client: new RegistryClient({ host, retry: quickRetry, ...client }),
    };
  };
}
