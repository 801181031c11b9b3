import * as z from 'zod';
import { flag, optionalText, registryEnvironment, reportingOptions } from '../shared-options';

export const restoreOptions = reportingOptions(
  'restore',
  'Restores the images and tags of a backup: pushes missing images and sets each tag to its digest in the backup.',
  {
    environment: registryEnvironment,
    from: z
      .string()
      .meta({ description: 'Folder of the backup, relative to the workspace root. Required.' }),
    repository: optionalText(
      'Full name of the repository to restore. Default: all repositories of the backup.',
    ),
    force: flag(
      'Move tags that point to another image now. Immutable tags cannot be moved. Default: off.',
    ),
    dryRun: flag('Print what would be restored, and change nothing. Default: off.'),
  },
);

export type RestoreOptions = z.infer<typeof restoreOptions>;
