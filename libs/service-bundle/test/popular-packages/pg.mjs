// optional native part that is not installed
import pg from 'pg';

async function main() {
  const client = new pg.Client({ host: '127.0.0.1', port: 1 });
  const failure = await client.connect().catch((error) => error);
  console.log(failure.code, pg.escapeIdentifier('a"b'), pg.types.getTypeParser(23)('5'));
}
void main();
