export { imageRunners } from './image-runners';
export { verifyService } from './verify-service';
