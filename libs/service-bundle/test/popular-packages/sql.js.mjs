// WebAssembly that it reads from disk
import initSqlJs from 'sql.js';

async function main() {
  const { Database } = await initSqlJs();
  console.log(JSON.stringify(new Database().exec('select 6 * 7 as answer')));
}
void main();
