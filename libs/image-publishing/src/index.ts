export { pushService } from './push/push-service';
export { pushServices, type PushSettings } from './push/push-services';
export { EcrImageScans } from './scan/ecr-image-scans';
export { type ScanOptions } from './scan/scan-image';
export { scanService } from './scan/scan-service';
