export { imageFile } from './image-file';
