import * as z from 'zod';
import { resultOptions } from '../report-result';
import {
  directOutput,
  executorMeta,
  flag,
  optionalText,
  registryEnvironment,
} from '../shared-options';

export const backupOptions = z
  .strictObject({
    environment: registryEnvironment,
    to: optionalText(
      'Folder to write the backup to, relative to the workspace root. An interrupted backup in it is resumed. Default: `backups/<environment>/<time>`.',
    ),
    images: flag('Back up the images too, as an OCI image layout. Default: only their metadata.'),
    ...resultOptions,
  })
  .meta({
    ...executorMeta(
      'backup',
      'Backs up repositories, policies, tags and digests of a registry as JSON; with --images, the images too.',
    ),
    ...directOutput,
  });

export type BackupOptions = z.infer<typeof backupOptions>;
