import { type ServiceHost, type ServiceState } from './service-host';

export interface Waiting {
  /** How long a rollout may take, in seconds. */
  readonly timeoutSeconds: number;
  readonly clock: Clock;
  /** @default - nothing is reported */
  readonly onProgress?: (message: string) => void;
}

export interface Clock {
  /** In milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

export type EndedRollout =
  | { readonly outcome: 'healthy'; readonly state: ServiceState }
  | { readonly outcome: 'unhealthy'; readonly state: ServiceState; readonly reason: string };

const pollMilliseconds = 5_000;

/** Waits until the service runs a task definition, or until it is clear that it will not. */
export async function awaitRollout(
  host: ServiceHost,
  { timeoutSeconds, clock, onProgress = () => undefined }: Waiting,
  definitionArn: string,
): Promise<EndedRollout> {
  const deadline = clock.now() + timeoutSeconds * 1000;
  for (let reported = ''; ;) {
    const state = await host.state();
    const primary = state?.primary;
    if (!state || !primary) throw new Error('The service was deleted during its deployment.');
    if (primary.definitionArn === definitionArn && primary.state === 'COMPLETED') {
      return { outcome: 'healthy', state };
    }
    if (primary.definitionArn !== definitionArn || primary.state === 'FAILED') {
      return { outcome: 'unhealthy', state, reason: primary.reason ?? 'its tasks stopped' };
    }
    if (clock.now() >= deadline) {
      const reason = `it did not become healthy within ${timeoutSeconds} seconds`;
      return { outcome: 'unhealthy', state, reason };
    }
    const message = state.events[0]?.message ?? '';
    if (message !== reported) onProgress(message);
    reported = message;
    await clock.sleep(Math.min(pollMilliseconds, Math.max(0, deadline - clock.now())));
  }
}
