import path from 'node:path';
import { type PipelineEnvironment, type ServiceImage } from '@typerush/pipeline-context';
import { readBundle, readInstalledPackages } from '@typerush/service-bundle';
import { type AuditServices } from './audit-bundle';
import { npmEndpoint } from './npm-endpoint';
import { osvAdvisories } from './osv-advisories';

/** In registry.json and options: the endpoint of the npm registry instead of a path. */
const endpoint = 'npm';

/** The services of an audit on this machine. @param requested Has precedence over `advisories` of registry.json. */
export function auditServices(
  { workspaceRoot, projectRoot, advisories }: ServiceImage,
  { variables }: PipelineEnvironment,
  requested = advisories ?? endpoint,
): AuditServices {
  return {
    advisories:
      requested === endpoint
        ? npmEndpoint({ workspaceRoot, variables })
        : osvAdvisories(requested, workspaceRoot),
    bundled: async () => (await readBundle(path.join(workspaceRoot, 'dist', projectRoot))).packages,
    installed: () => readInstalledPackages(workspaceRoot),
    now: Date.now,
  };
}
