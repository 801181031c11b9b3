import { environments } from '@typerush/image-registry';
import * as z from 'zod';
import { directMeta, flag, optionalText } from '../shared-options';

/** A part of what `nx release` passes on; it may add fields. */
const versionSchema = z.looseObject({ newVersion: z.string().nullish() });

const ofNpm = (description: string) =>
  optionalText(`${description} Ignored: images are not npm packages.`);

export const nxReleasePublishOptions = z
  .strictObject({
    environment: z
      .enum(environments)
      .meta({ description: 'Environment that a release is pushed to. Default: `prod`.' })
      .default('prod'),
    prereleaseEnvironment: z
      .enum(environments)
      .meta({
        description:
          'Environment that a pre-release such as 1.2.0-rc.1 is pushed to. Default: `staging`.',
      })
      .default('staging'),
    dryRun: flag('Print what would be pushed, and push nothing. Default: off.'),
    nxReleaseVersionData: z
      .custom<Readonly<Record<string, z.infer<typeof versionSchema>>>>(
        (value) => z.record(z.string(), versionSchema).safeParse(value).success,
        'Invalid input: expected the versions of nx release by project',
      )
      // Nx rejects values of a schema without a type, which a record has.
      .meta({
        type: 'object',
        description: 'Versions of this release, by project; set by nx release.',
      })
      .optional(),
    firstRelease: flag('Set by nx release --first-release; has no effect on images.'),
    registry: ofNpm('Registry of npm packages.'),
    tag: ofNpm('Distribution tag of npm packages.'),
    access: ofNpm('Access of npm packages.'),
    otp: z
      .union([z.string(), z.number()])
      .meta({ description: 'One-time password of npm. Ignored: images are not npm packages.' })
      .optional(),
  })
  .meta(
    directMeta(
      'nx-release-publish',
      'Pushes the image of a new version, as the last step of nx release.',
    ),
  );

export type NxReleasePublishOptions = z.infer<typeof nxReleasePublishOptions>;
