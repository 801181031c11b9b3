import { z } from 'zod';
import { addressed, refOf } from '../addressed';
import { type EcrService } from '../ecr-service';
import { type Registry } from '../registry';
import { exclusionFiltersField, inRepository, operation } from '../requests';
import { checkedMutability, mutabilityField, mutabilityOf } from './mutability';

export function settingOperations(
  registry: Registry,
): Pick<EcrService, 'putImageTagMutability' | 'putImageScanningConfiguration'> {
  return {
    putImageTagMutability: operation(
      z.strictObject({
        ...inRepository,
        imageTagMutability: mutabilityField,
        imageTagMutabilityExclusionFilters: exclusionFiltersField,
      }),
      async (request) => {
        const { name } = addressed(registry, request);
        const setting = checkedMutability(request);
        const changed = await registry.repositories.update(name, (current) => ({
          ...current,
          ...setting,
        }));
        return { ...refOf(registry, changed), ...mutabilityOf(changed) };
      },
    ),
    putImageScanningConfiguration: operation(
      z.strictObject({
        ...inRepository,
        imageScanningConfiguration: z.strictObject({ scanOnPush: z.boolean().default(false) }),
      }),
      async (request) => {
        const { name } = addressed(registry, request);
        const { imageScanningConfiguration } = request;
        const changed = await registry.repositories.update(name, (current) => ({
          ...current,
          scanOnPush: imageScanningConfiguration.scanOnPush,
        }));
        return { ...refOf(registry, changed), imageScanningConfiguration };
      },
    ),
  };
}
