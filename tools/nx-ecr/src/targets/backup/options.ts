import { type z } from 'zod';
import { flag, optionalText, registryEnvironment, reportingOptions } from '../shared-options';

export const backupOptions = reportingOptions(
  'backup',
  'Backs up repositories, policies, tags and digests of a registry as JSON; with --images, the images too.',
  {
    environment: registryEnvironment,
    to: optionalText(
      'Folder to write the backup to, relative to the workspace root. An interrupted backup in it is resumed. Default: `backups/<environment>/<time>`.',
    ),
    images: flag('Back up the images too, as an OCI image layout. Default: only their metadata.'),
  },
);

export type BackupOptions = z.infer<typeof backupOptions>;
