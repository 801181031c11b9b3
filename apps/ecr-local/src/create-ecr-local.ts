import { type Logger } from '@typerush/service-kit';
import { Router } from 'express';
import { type Clock, systemClock } from './clock';
import { createEcrApi } from './ecr-api/ecr-api';
import { indexPage } from './http/index-page';
import { localOnly } from './http/local-only';
import { requireSignature } from './http/require-signature';
import { createOciApi } from './oci-api/oci-api';
import { createQueryApi } from './query/query-api';
import { createEcrService } from './registry/create-ecr-service';
import { type EcrService } from './registry/ecr-service';
import { openRegistry } from './registry/open-registry';
import { sweep } from './registry/sweep';
import { type Storage } from './storage/storage';

export interface EcrLocalOptions {
  readonly storage: Storage;
  readonly logger: Logger;
  /** `<host>:<port>` as clients reach it; it stands in repository URIs, so it must not change between calls. */
  readonly host: () => string;
  /** Whether it listens on a loopback address, and so refuses requests that came to other names. */
  readonly loopback: boolean;
  /** Twelve digits. @default 000000000000 */
  readonly account?: string;
  /** @default ap-southeast-1 */
  readonly region?: string;
  readonly clock?: Clock;
}

export interface EcrLocal {
  /** Mount it at the root. */
  readonly handler: Router;
  readonly ecr: EcrService;
}

/** Amazon ECR over a storage: the ECR API and the Query APIs at `POST /`, the registry protocol at `/v2/`. */
export async function createEcrLocal(options: EcrLocalOptions): Promise<EcrLocal> {
  const { storage, logger, host, loopback, clock = systemClock } = options;
  const { account = '000000000000', region = 'ap-southeast-1' } = options;
  const registry = await openRegistry({ storage, clock, account, region, host });
  const ecr = createEcrService(registry);
  logger.info({ ...(await sweep(registry)) }, 'swept leftovers');
  const queryApi = await createQueryApi({
    accountId: account,
    region,
    clock,
    documents: storage.documents,
    ecr,
    log: logger,
  });

  const handler = Router();
  if (loopback) handler.use(localOnly);
  handler.use('/v2', createOciApi({ registry, logger }));
  handler.get('/', indexPage({ host, region, account }));
  handler.post('/', requireSignature, queryApi, createEcrApi({ ecr, logger }));
  return { handler, ecr };
}
