import { z } from 'zod';

/** What nx.json may say about this plugin; everything else is convention or stands in registry.json. */
export const pluginOptionsSchema = z
  .strictObject({
    /** The Dockerfile of every image, relative to the workspace root. */
    dockerfile: z.string().min(1).default('docker/service.Dockerfile'),
  })
  .prefault({});

export type PluginOptions = z.infer<typeof pluginOptionsSchema>;
