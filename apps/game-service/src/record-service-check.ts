import { type HealthCheck } from '@typerush/service-kit';

/** Passes while record-service, at this URL, says that it is ready. */
export function recordServiceCheck(url: string): HealthCheck {
  const ready = new URL('health/ready', url.endsWith('/') ? url : `${url}/`);
  return async (signal) => {
    const response = await fetch(ready, { signal });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`record-service answers ${response.status}`);
  };
}
