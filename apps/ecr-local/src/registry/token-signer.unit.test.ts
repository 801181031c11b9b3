import { createTokenSigner } from './token-signer';

describe('a token', () => {
  let now = new Date(0);
  const signer = createTokenSigner(Buffer.from('secret'), () => now);
  const token = signer.sign('registry', new Date(1000));

  it('is good until it expires', () => {
    now = new Date(999);
    expect(signer.verify('registry', token)).toBe('valid');
    now = new Date(1000);
    expect(signer.verify('registry', token)).toBe('expired');
    now = new Date(0);
  });

  it('is good for its purpose alone', () => {
    expect(signer.verify('download', token)).toBe('invalid');
  });

  it.each([
    '',
    '.',
    'a.b',
    token.slice(1),
    `${token}x`,
    token.split('.')[0] ?? '',
    `{}.${token.split('.')[1]}`,
  ])('is not %j', (forged) => {
    expect(signer.verify('registry', forged)).toBe('invalid');
  });

  it('of another secret is invalid', () => {
    const other = createTokenSigner(Buffer.from('other'), () => now);
    expect(other.verify('registry', token)).toBe('invalid');
  });
});
