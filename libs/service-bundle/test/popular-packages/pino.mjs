// a transport in a worker thread, named by a string
import pino from 'pino';

const transport = pino.transport({
  target: 'pino-pretty',
  options: { colorize: false, ignore: 'pid,hostname,time', destination: 1 },
});
const log = pino({ timestamp: false }, transport);
log.info({ answer: 42 }, 'hello');
transport.end();
