export { requireSignature } from './require-signature';
export { readSigners, type TrustedSigner } from './signature-policy';
export { type SignedImage, type VerifiedSignature, verifySignature } from './verify-signature';
