import * as z from 'zod';
import { name as packageName } from '../package.json';

/** Options of this plugin in nx.json; everything else is convention or set in registry.json. */
const pluginOptionsSchema = z
  .strictObject({
    /** The Dockerfile of every image, relative to the workspace root. */
    dockerfile: z.string().min(1).default('docker/service.Dockerfile'),
    /** The target that bundles a project for its image: another name if projects have a `build` of their own. */
    buildTargetName: z.string().min(1).default('build'),
  })
  .prefault({});

export type PluginOptions = z.infer<typeof pluginOptionsSchema>;

/** @throws Error that names every wrong option */
export function parsePluginOptions(options: unknown): PluginOptions {
  const parsed = pluginOptionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new Error(
    `Invalid options of ${packageName} in nx.json:\n${z.prettifyError(parsed.error)}`,
  );
}
