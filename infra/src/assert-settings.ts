import { type Environment } from '@typerush/image-registry';
import { type EnvironmentSettings } from './environments';
import { InfraError } from './infra-error';
import { type DeclaredRepository } from './registry-context';

/**
 * Checks the settings that depend on the whole registry; the constructs check the rest.
 *
 * @throws InfraError SETTINGS_INVALID
 */
export function assertSettings(
  settings: EnvironmentSettings,
  of: { readonly environment: Environment; readonly services: readonly DeclaredRepository[] },
): void {
  const refuse: (problem: string) => never = (problem) => {
    throw new InfraError(
      'SETTINGS_INVALID',
      `infra/src/environments.ts, ${of.environment}: ${problem}`,
    );
  };
  const { encryptionKeyArn, lambdaFunctions = {}, pullThroughCache = [], run, delivery } = settings;
  const source = delivery?.build?.source;
  const inPipeline = source?.type === 'codepipeline' && 'connectionArn' in source.clone;
  if (delivery?.pipeline && !(run && inPipeline)) {
    refuse(
      'delivery.pipeline needs run, and delivery.build with a source { type: "codepipeline", clone: { connectionArn } }.',
    );
  }
  if (
    encryptionKeyArn &&
    !/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/.+$/.test(encryptionKeyArn)
  ) {
    refuse(
      `invalid encryptionKeyArn "${encryptionKeyArn}". Expected the ARN of a key, such as arn:aws:kms:ap-southeast-1:123456789012:key/1234abcd.`,
    );
  }
  for (const { prefix } of pullThroughCache) {
    const inside = of.services.find(({ repositoryName: name }) => name.startsWith(`${prefix}/`));
    if (!inside) continue;
    refuse(
      `the prefix "${prefix}" of pullThroughCache is that of ${inside.repositoryName}. Choose one that no repository has, such as ${of.environment}-public.`,
    );
  }
  const services = new Map(of.services.map((each) => [each.service, each]));
  for (const service of Object.keys(run?.services ?? {})) {
    if (services.get(service)?.container) continue;
    const known = of.services.filter(({ container }) => container).map((each) => each.service);
    refuse(
      `run names "${service}", and there is no apps/${service}/image.json. Known: ${known.join(', ') || 'none'}.`,
    );
  }
  for (const [service, functions] of Object.entries(lambdaFunctions)) {
    const declared = services.get(service);
    if (!declared) {
      refuse(
        `lambdaFunctions names the unknown service "${service}". Known: ${[...services.keys()].join(', ')}.`,
      );
    }
    // Lambda does not accept an image index. https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
    const { platforms = [], declaredIn } = declared;
    if (platforms.length > 1) {
      refuse(
        `Lambda cannot run images of "${service}": they are for several platforms (${platforms.join(', ')}), and Lambda accepts one. ` +
          `Leave one platform in ${declaredIn}, or the service out of lambdaFunctions.`,
      );
    }
    if (!/^[\w*-]+$/.test(functions)) {
      refuse(
        `invalid lambdaFunctions of "${service}": "${functions}". Expected the name of a function, with * for any run of characters.`,
      );
    }
  }
}
