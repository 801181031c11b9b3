import { EcrError } from '../../errors/ecr-error';
import { type Registry } from '../registry';
import { checkResourcePolicy } from '../resource-policy';
import { modelled } from './modelled';

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html */
export function registryPolicyOperations({ account: registryId, configuration }: Registry) {
  const present = (policyText: string | undefined) => {
    if (policyText !== undefined) return { registryId, policyText };
    throw new EcrError(
      'RegistryPolicyNotFoundException',
      `Registry policy does not exist in the registry with id '${registryId}'`,
    );
  };
  return {
    getRegistryPolicy: modelled('GetRegistryPolicy', () => present(configuration.get().policy)),
    putRegistryPolicy: modelled(
      'PutRegistryPolicy',
      async ({ policyText }: { readonly policyText: string }) => {
        checkResourcePolicy('registry', policyText);
        await configuration.update(() => ({ policy: policyText }));
        return { registryId, policyText };
      },
    ),
    deleteRegistryPolicy: modelled('DeleteRegistryPolicy', async () => {
      const deleted = present(configuration.get().policy);
      await configuration.update(() => ({ policy: undefined }));
      return deleted;
    }),
  };
}
