import { type EcrService } from './ecr-service';
import { accountOperations } from './operations/account';
import { authorizationOperations } from './operations/authorization';
import { imageBatchOperations } from './operations/image-batches';
import { imageOperations } from './operations/images';
import { layerOperations } from './operations/layers';
import { layerUploadOperations } from './operations/layer-uploads';
import { policyOperations } from './operations/policies';
import { repositoryOperations } from './operations/repositories';
import { resourceTagOperations } from './operations/resource-tags';
import { settingOperations } from './operations/settings';
import { modelledOperations } from './modelled-operations';
import { type Registry } from './registry';

export function createEcrService(registry: Registry): EcrService {
  return {
    ...repositoryOperations(registry),
    ...settingOperations(registry),
    ...policyOperations(registry),
    ...resourceTagOperations(registry),
    ...accountOperations(registry),
    ...authorizationOperations(registry),
    ...imageOperations(registry),
    ...imageBatchOperations(registry),
    ...layerOperations(registry),
    ...layerUploadOperations(registry),
    ...modelledOperations(registry),
  };
}
