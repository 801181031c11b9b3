import { Router } from 'express';
import { type Health } from './health';
import { type Metrics } from './metrics';

/**
 * `GET /health/live`, `/health/ready` (503 unless ready or degraded) and `/metrics` (Prometheus text).
 * Mount it before `requestLogging`, so that probes are not logged.
 */
export function operationsRouter(options: { health: Health; metrics: Metrics }): Router {
  const { health, metrics } = options;
  const router = Router();
  router.use(['/health', '/metrics'], (_request, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  });
  router.get('/health/live', (_request, response) => {
    response.json(health.live());
  });
  router.get('/health/ready', async (_request, response) => {
    const report = await health.ready();
    response.status(['ready', 'degraded'].includes(report.status) ? 200 : 503).json(report);
  });
  router.get('/metrics', async (_request, response) => {
    // Not `send`, which would insert a charset before the version parameter of Prometheus.
    response.setHeader('content-type', metrics.registry.contentType);
    response.end(await metrics.registry.metrics());
  });
  return router;
}
