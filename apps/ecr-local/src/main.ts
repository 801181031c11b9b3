import { isScanWorker, runScanWorker } from './scanning/scan-worker';
import { serve } from './serve/serve';

if (isScanWorker()) runScanWorker();
else void serve({ env: process.env, program: __filename });
