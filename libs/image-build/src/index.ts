export { layersOfBase, registryBases } from './base-lock/base-images';
export { lockFileOf } from './base-lock/base-lock';
export { lockBases } from './base-lock/lock-bases';
export { buildIdentity } from './build-identity';
export { buildArguments } from './build-plan';
export { buildService } from './build-service';
export { engines } from './engines/engines';
export { lockFiles } from './engines/lock-files';
export { loadImage, loadInto } from './load-image';
