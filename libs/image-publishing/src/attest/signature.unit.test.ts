import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { readSigningKey, signStatement } from './signature';

const pem = ({ privateKey }: ReturnType<typeof keys>) =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const keys = (curve = 'P-256') => generateKeyPairSync('ec', { namedCurve: curve });
const statement = Buffer.from('{"_type":"https://in-toto.io/Statement/v1"}');

/** Verifies like a Sigstore client that trusts only this key and requires no log. */
function verify(bundle: Buffer, publicKey: Parameters<typeof createPublicKey>[0]): void {
  const trust = {
    certificateAuthorities: [],
    timestampAuthorities: [],
    tlogs: [],
    ctlogs: [],
    publicKey: () => ({ publicKey: createPublicKey(publicKey), validFor: () => true }),
  };
  const verifier = new Verifier(trust, { ctlogThreshold: 0, tlogThreshold: 0, tsaThreshold: 0 });
  verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(bundle.toString()))));
}

describe('signStatement', () => {
  it('creates a Sigstore bundle that its public key verifies, and no other key', async () => {
    const ours = keys();
    const bundle = signStatement(statement, await readSigningKey(pem(ours)));
    expect(() =>
      verify(bundle, ours.publicKey.export({ type: 'spki', format: 'pem' })),
    ).not.toThrow();
    const theirs = keys().publicKey.export({ type: 'spki', format: 'pem' });
    expect(() => verify(bundle, theirs)).toThrow(/signature/i);
  });

  it('creates a signature that is invalid for another statement', async () => {
    const ours = keys();
    const bundle = JSON.parse(
      signStatement(statement, await readSigningKey(pem(ours))).toString(),
    ) as { dsseEnvelope: { payload: string } };
    bundle.dsseEnvelope.payload = Buffer.from('{"_type":"other"}').toString('base64');
    const publicKey = ours.publicKey.export({ type: 'spki', format: 'pem' });
    expect(() => verify(Buffer.from(JSON.stringify(bundle)), publicKey)).toThrow(/signature/i);
  });

  it('signs with an Ed25519 key too', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const key = await readSigningKey(
      privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    );
    const bundle = signStatement(statement, key);
    expect(() => verify(bundle, publicKey.export({ type: 'spki', format: 'pem' }))).not.toThrow();
  });
});

describe('readSigningKey', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'signing-key-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads PEM, PEM on one line, and a PEM file', async () => {
    const text = pem(keys());
    const file = path.join(folder, 'key.pem');
    writeFileSync(file, text);
    for (const value of [text, text.replaceAll('\n', '\\n'), file]) {
      expect((await readSigningKey(value)).asymmetricKeyType).toBe('ec');
    }
  });

  const encrypted = () =>
    keys().privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'secret',
    });

  it.each([
    ['a missing file', () => '/nowhere/key.pem', 'ENOENT'],
    ['another kind of key', () => pem(keys('P-384')), 'secp384r1'],
    ['an encrypted key', () => encrypted().toString(), 'encrypted'],
    ['a damaged key', () => pem(keys()).replaceAll('A', '?'), 'does not contain a private key'],
  ])('rejects %s without showing it', async (_, make, problem) => {
    const value = make();
    const failure = (await readSigningKey(value).catch((error: unknown) => error)) as Error;
    expect(failure).toMatchObject({ code: 'SIGNING_KEY_INVALID' });
    expect(failure.cause).toBeUndefined();
    expect(failure.message).toContain(problem);
    if (value.includes('BEGIN')) expect(failure.message).not.toContain(value.split('\n')[1]);
  });
});
