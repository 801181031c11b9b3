import { type Clock } from '../clock';
import { type Storage } from '../storage/storage';
import { openAccountSettings } from './account-settings';
import { createRefusals } from './refusals';
import { type Registry } from './registry';
import { openRepositoryStore } from './repository-store';
import { createTokenSigner } from './token-signer';

export async function openRegistry(deps: {
  storage: Storage;
  clock: Clock;
  account: string;
  region: string;
  host: () => string;
}): Promise<Registry> {
  const { storage, clock, account, region, host } = deps;
  const refusals = createRefusals(account);
  return {
    account,
    region,
    host,
    clock,
    refusals,
    settings: await openAccountSettings(storage.documents),
    repositories: await openRepositoryStore(storage, refusals),
    blobs: storage.blobs,
    uploads: storage.uploads,
    tokens: createTokenSigner(storage.tokenSecret, clock),
  };
}
