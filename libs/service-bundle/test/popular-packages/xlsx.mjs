// dual package with optional code pages, sloppy mode
import * as XLSX from 'xlsx';

const sheet = XLSX.utils.aoa_to_sheet([
  ['a', 1],
  ['b', 2],
]);
const book = XLSX.utils.book_new();
XLSX.utils.book_append_sheet(book, sheet, 'one');
const copy = XLSX.read(XLSX.write(book, { type: 'buffer', bookType: 'xlsx' }));
console.log(XLSX.utils.sheet_to_csv(copy.Sheets.one));
