export { imageRunners } from './image-runners';
export { type VerifyOptions, verifyService } from './verify-service';
