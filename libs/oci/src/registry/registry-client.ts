import { type Readable } from 'node:stream';
import { type Digest } from '../digest';
import { type Descriptor } from '../manifest';

export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

export interface RetryPolicy {
  /** After the first attempt. */
  readonly retries: number;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

export interface RegistryClientOptions {
  /** `host` or `host:port`, as in an image reference. */
  readonly host: string;
  /** @default http on loopback, https elsewhere */
  readonly scheme?: 'http' | 'https';
  readonly credentials?: RegistryCredentials;
  readonly fetch?: typeof fetch;
  readonly userAgent?: string;
  /** @default 4 retries, 200 ms to 5 s */
  readonly retry?: RetryPolicy;
}

export interface FetchedManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

/** The OCI distribution protocol 1.1. Every method may throw a RegistryError. */
export class RegistryClient {
  readonly host: string;

  constructor(options: RegistryClientOptions) {
    this.host = options.host;
  }

  /** undefined when the registry has no such manifest (or no such repository: HEAD cannot tell them apart). */
  async headManifest(_repository: string, _reference: string): Promise<Descriptor | undefined> {
    throw new Error('not yet');
  }

  async getManifest(_repository: string, _reference: string): Promise<FetchedManifest> {
    throw new Error('not yet');
  }

  async putManifest(
    _repository: string,
    _reference: string,
    _mediaType: string,
    _bytes: Uint8Array,
  ): Promise<Digest> {
    throw new Error('not yet');
  }

  async hasBlob(_repository: string, _digest: Digest): Promise<boolean> {
    throw new Error('not yet');
  }

  /** The stream fails with `DIGEST_MISMATCH` at its end unless the bytes are what the descriptor says. */
  async getBlob(
    _repository: string,
    _blob: Pick<Descriptor, 'digest' | 'size'>,
  ): Promise<Readable> {
    throw new Error('not yet');
  }

  /** Uploads a file unless the registry has it. */
  async uploadBlob(
    _repository: string,
    _blob: Pick<Descriptor, 'digest' | 'size'>,
    _file: string,
  ): Promise<'uploaded' | 'present'> {
    throw new Error('not yet');
  }
}
