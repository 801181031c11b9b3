// worker processes from its own files, and optional drivers
import { Queue, Worker } from 'bullmq';

const connection = { host: '127.0.0.1', port: 1, retryStrategy: () => null, lazyConnect: true };
const queue = new Queue('jobs', { connection, skipWaitingForReady: true });
queue.on('error', () => undefined);
console.log(queue.name, typeof Worker, queue.opts.prefix ?? 'bull');
process.exit();
