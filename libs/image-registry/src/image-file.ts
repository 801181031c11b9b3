/** The file that makes an app an image. */
export const imageFile = 'image.json';
