// lazily defined transports and formats
import winston from 'winston';

const { combine, printf, splat } = winston.format;
const logger = winston.createLogger({
  format: combine(
    splat(),
    printf(({ level, message }) => `${level}: ${message}`),
  ),
  transports: [new winston.transports.Console()],
});
logger.info('hello %s', 'world');
