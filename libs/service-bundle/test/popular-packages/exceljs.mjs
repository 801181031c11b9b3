// sloppy dependencies, streams, unzipper
import ExcelJS from 'exceljs';

async function main() {
  const book = new ExcelJS.Workbook();
  book.addWorksheet('one').addRow(['a', 2]);
  const copy = new ExcelJS.Workbook();
  await copy.xlsx.load(await book.xlsx.writeBuffer());
  console.log(copy.getWorksheet('one').getCell('B1').value);
}
void main();
