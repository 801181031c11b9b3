import { type Request, type RequestHandler } from 'express';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

export interface Metrics {
  /** For the service's own metrics: pass `registers: [metrics.registry]`. */
  registry: Registry;
  /** Times every request into `http_request_duration_seconds`, by method, route and status. */
  requestTiming: RequestHandler;
}

/** A separate registry, so that the metrics of two services in one process do not mix. */
export function createMetrics(options: { service: string }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service: options.service });
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from receiving a request to the end of its response',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const requestTiming: RequestHandler = (request, response, next) => {
    const end = duration.startTimer();
    response.once('close', () =>
      end({ method: request.method, route: routeOf(request), status: response.statusCode }),
    );
    next();
  };
  return { registry, requestTiming };
}

/**
 * The pattern, not the path, because the code bounds the number of patterns. The mount point of a router is omitted, as it
 * may contain values of parameters: declare routes with their whole path.
 */
function routeOf(request: Request): string {
  const route = request.route as { path: unknown } | undefined;
  return route ? String(route.path) : 'unmatched';
}
