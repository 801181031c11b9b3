import { type Clock } from '../clock';
import { type PublishEvent } from '../events/event';
import { type BlobStore, type UploadStore } from '../storage/blob-store';
import { type ServiceRoles } from '../access/service-roles';
import { type AccountSettings } from './account-settings';
import { type ImageScans } from './image-scans';
import { type PullThrough } from '../pull-through/pull-through';
import { type ConfigurationStore } from './registry-configuration';
import { type Replication } from './replication';
import { type Refusals } from './refusals';
import { type RepositoryStore } from './repository-store';
import { type TokenSigner } from './token-signer';

/** What the operations and the registry protocol work with. */
export interface Registry {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** `<host>:<port>`, known once the server listens. */
  readonly host: () => string;
  readonly scheme: 'http' | 'https';
  readonly clock: Clock;
  readonly settings: AccountSettings;
  readonly configuration: ConfigurationStore;
  readonly replication: Replication;
  readonly pullThrough: PullThrough;
  readonly serviceRoles: ServiceRoles;
  readonly scans: ImageScans;
  readonly publish: PublishEvent;
  /** For a failure that no request waits for: logs it. */
  readonly onFailure: (error: unknown) => void;
  readonly repositories: RepositoryStore;
  readonly blobs: BlobStore;
  readonly uploads: UploadStore;
  readonly tokens: TokenSigner;
  readonly refusals: Refusals;
}

/** Names a registry in what is stored. */
export const homeOf = ({ account, region }: Pick<Registry, 'account' | 'region'>): string =>
  `${account}/${region}`;

export const repositoryArn = ({ region, account }: Registry, name: string): string =>
  `arn:aws:ecr:${region}:${account}:repository/${name}`;
