// JSON data
import mime from 'mime-types';

console.log(mime.lookup('a.webp'), mime.contentType('page.html'));
