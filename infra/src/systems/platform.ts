import { type System } from './system';

const declaredIn = 'infra/src/systems/platform.ts';

/**
 * The platform, whose services live in another workspace: `typerush-<environment>/api`, `realtime` and `workers`.
 * A repository for any other service from elsewhere is one more entry, `{ service, repository, retention, declaredIn }`.
 */
export const platform: System = {
  registry: { namespace: 'typerush', naming: 'per-environment' },
  services: ['api', 'realtime', 'workers'].map((service) => ({
    service,
    repository: service,
    retention: 'release',
    declaredIn,
  })),
};
