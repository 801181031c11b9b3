import { type KeyObject, sign } from 'node:crypto';
import { bundleToJSON, toDSSEBundle } from '@sigstore/bundle';

export const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const inTotoType = 'application/vnd.in-toto+json';

const provenance = {
  buildDefinition: { buildType: 'https://example.com/build', externalParameters: {} },
  runDetails: { builder: { id: 'https://example.com/builder' } },
};

/** An in-toto statement with provenance of an image. */
export const statementOf = (digest: string, predicate: unknown = provenance): Buffer =>
  Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'app', digest: { sha256: digest.replace('sha256:', '') } }],
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate,
    }),
  );

/** As in https://github.com/secure-systems-lab/dsse/blob/master/protocol.md, not with the code under test. */
export function signWith(privateKey: KeyObject, payload: Buffer): Buffer {
  const header = `DSSEv1 ${inTotoType.length} ${inTotoType} ${payload.length} `;
  const bundle = toDSSEBundle({
    artifact: payload,
    artifactType: inTotoType,
    signature: sign('sha256', Buffer.concat([Buffer.from(header), payload]), privateKey),
    keyHint: 'hint',
  });
  return Buffer.from(JSON.stringify(bundleToJSON(bundle)));
}
