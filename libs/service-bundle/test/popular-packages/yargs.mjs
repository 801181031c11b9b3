// reads its own translations and the package.json of its caller
import yargs from 'yargs';

const parsed = yargs(['--port', 'x'])
  .locale('de')
  .option('port', { demandOption: true })
  .option('host', { demandOption: true })
  .exitProcess(false)
  .fail((message) => console.log(message));
parsed.parse();
