// sloppy mode: assigns to undeclared variables
import AdmZip from 'adm-zip';

const zip = new AdmZip();
zip.addFile('a.txt', Buffer.from('hello'));
console.log(new AdmZip(zip.toBuffer()).readAsText('a.txt'));
