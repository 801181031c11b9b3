export { layersOfBase, registryBases } from './base-lock/bases';
export { lockBases } from './base-lock/lock-bases';
export { lockFileOf } from './base-lock/lock-file';
export { buildIdentity } from './build-identity';
export { buildService, type BuildServiceOptions } from './build-service';
export { engines } from './engines/engines';
export { loadImage, loadInto } from './load-image';
export { buildArguments } from './plan-build';
