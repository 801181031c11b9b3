import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { bundleToJSON } from '@sigstore/bundle';
import {
  fulcioHandler,
  initializeCA,
  initializeCTLog,
  initializeTLog,
  rekorHandler,
} from '@sigstore/mock';
import { HashAlgorithm, PublicKeyDetails, TrustedRoot } from '@sigstore/protobuf-specs';
import { DSSEBundleBuilder, FulcioSigner, RekorWitness } from '@sigstore/sign';

const keyPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const inTotoType = 'application/vnd.in-toto+json';

/** Fulcio, its certificate log and Rekor of Sigstore's own mock, on this machine. */
export class Sigstore {
  private constructor(
    private readonly server: Server,
    /** The JSON of the root that trusts it. */
    readonly trustedRoot: string,
  ) {}

  static async start(): Promise<Sigstore> {
    const caKeys = keyPair();
    const ctLog = await initializeCTLog(caKeys);
    const ca = await initializeCA(caKeys, ctLog);
    const tlog = await initializeTLog('http://rekor.test', keyPairOfLog.keys);
    const handlers = [fulcioHandler(ca), rekorHandler(tlog)];
    const server = createServer((request, response) => {
      const handler = handlers.find(({ path }) => path === request.url);
      const answer = async () => {
        const result = await handler?.fn(await text(request));
        response.writeHead(result?.statusCode ?? 404, {
          'Content-Type': result?.contentType ?? 'application/json',
        });
        response.end(result?.response);
      };
      answer().catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const start = new Date(Date.now() - 60_000);
    const log = (rawBytes: Buffer, keyId: Buffer) => ({
      baseUrl: 'http://rekor.test',
      logId: { keyId },
      hashAlgorithm: HashAlgorithm.SHA2_256,
      publicKey: {
        rawBytes,
        keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256,
        validFor: { start, end: undefined },
      },
      checkpointKeyId: undefined,
      operator: 'test',
    });
    const root = TrustedRoot.toJSON({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [log(keyPairOfLog.der, createHash('sha256').update(keyPairOfLog.der).digest())],
      ctlogs: [log(ctLog.publicKey, ctLog.logID)],
      certificateAuthorities: [
        {
          subject: { commonName: 'sigstore', organization: 'test' },
          uri: 'http://fulcio.test',
          certChain: { certificates: [{ rawBytes: ca.rootCertificate }] },
          validFor: { start, end: undefined },
          operator: 'test',
        },
      ],
      timestampAuthorities: [],
    });
    return new Sigstore(server, JSON.stringify(root));
  }

  /** Signs as an identity, keyless. @returns The JSON of a bundle. */
  async sign(statement: Buffer, identity: string, issuer: string): Promise<Buffer> {
    const url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    const token = ['{"alg":"none"}', JSON.stringify({ sub: identity, iss: issuer }), '{}']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
    const builder = new DSSEBundleBuilder({
      signer: new FulcioSigner({
        fulcioBaseURL: url,
        identityProvider: { getToken: () => Promise.resolve(token) },
      }),
      // The mock of Rekor stores what is proposed; only of this type does Rekor do the same.
      witnesses: [new RekorWitness({ rekorBaseURL: url, entryType: 'intoto' })],
    });
    const bundle = await builder.create({ data: statement, type: inTotoType });
    return Buffer.from(JSON.stringify(bundleToJSON(bundle)));
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const keyPairOfLog = (() => {
  const keys = keyPair();
  return { keys, der: keys.publicKey.export({ type: 'spki', format: 'der' }) };
})();
