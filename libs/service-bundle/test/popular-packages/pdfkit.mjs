// reads its own fonts
import PDFDocument from 'pdfkit';

const document = new PDFDocument({ compress: false });
let bytes = 0;
document.on('data', (part) => (bytes += part.length));
document.on('end', () => console.log(bytes > 500, document.widthOfString('hello')));
document.font('Times-Roman').text('hello');
document.end();
