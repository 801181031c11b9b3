import { type Environment } from '@typerush/image-registry';
import { type EnvironmentSettings } from './environments';
import { InfraError } from './infra-error';
import { type ServiceDeclaration } from './service-declaration';

/**
 * What only the whole registry can tell of its settings; the constructs check the rest.
 *
 * @throws InfraError INVALID_SETTINGS
 */
export function assertSettings(
  { encryptionKeyArn, lambdaFunctions = {} }: EnvironmentSettings,
  of: { readonly environment: Environment; readonly services: readonly ServiceDeclaration[] },
): void {
  const refuse = (problem: string): never => {
    throw new InfraError(
      'INVALID_SETTINGS',
      `infra/src/environments.ts, ${of.environment}: ${problem}`,
    );
  };
  if (
    encryptionKeyArn &&
    !/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/.+$/.test(encryptionKeyArn)
  ) {
    refuse(
      `encryptionKeyArn is "${encryptionKeyArn}", and has to be the ARN of a key, such as arn:aws:kms:ap-southeast-1:123456789012:key/1234abcd.`,
    );
  }
  const services = of.services.map(({ service }) => service);
  for (const [service, functions] of Object.entries(lambdaFunctions)) {
    if (!services.includes(service)) {
      refuse(`lambdaFunctions names "${service}", and the services are ${services.join(', ')}.`);
    }
    if (!/^[\w*-]+$/.test(functions)) {
      refuse(
        `lambdaFunctions of "${service}" is "${functions}", and has to be the name of a function, with * for any run of characters.`,
      );
    }
  }
}
