import * as z from 'zod';
import { eachOnce, perEnvironment } from './config-rules';

const signerRule =
  'either { "key": … }, or { "identity": …, "issuer": …, "trustedRoot": … } for keyless signatures';
const keyRule = 'the path of a public key in PEM, relative to the workspace';
const identityRule =
  'the subject of a certificate, such as "https://github.com/team/app/.github/workflows/release.yml@refs/heads/main"';
const issuerRule =
  'the issuer of the identity, such as "https://token.actions.githubusercontent.com"';
const rootRule = 'the path of a trusted root of Sigstore in JSON, relative to the workspace';
const listRule = 'a list of signers, each once, at least one';

/** Relative to the workspace, and inside of it. */
const file = (rule: string) =>
  z.string(rule).regex(/^(?!.*(?:^|\/)\.\.(?:\/|$))[^/\0][^\0]*$/, rule);

const signerSchema = z
  .strictObject(
    {
      key: file(keyRule)
        .optional()
        .describe(
          'A public key in PEM; of a key in AWS KMS, the output of aws kms get-public-key in PEM',
        ),
      identity: z
        .string(identityRule)
        .min(1, identityRule)
        .optional()
        .describe('The subject of the certificates of keyless signatures, exactly'),
      issuer: z.url(issuerRule).optional().describe('The issuer of that identity, exactly'),
      trustedRoot: file(rootRule)
        .optional()
        .describe(
          'The certificate authorities and logs to trust: the output of cosign trusted-root create',
        ),
    },
    signerRule,
  )
  .refine(
    ({ key, identity, issuer, trustedRoot }) =>
      key === undefined
        ? identity !== undefined && issuer !== undefined && trustedRoot !== undefined
        : identity === undefined && issuer === undefined && trustedRoot === undefined,
    { error: signerRule },
  );

/** An identity whose signatures an environment accepts. */
export type ImageSigner = z.infer<typeof signerSchema>;

const signers = z
  .array(signerSchema, listRule)
  .min(1, listRule)
  .refine(eachOnce, listRule)
  .optional();

export const signersSchema = perEnvironment(signers);
