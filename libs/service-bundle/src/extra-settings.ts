import { createRequire } from 'node:module';
import { z } from 'zod';
import { PipelineError } from '@typerush/pipeline-context';
import { type ExtraSettings } from './bundle-plan';

const settingsSchema = z.strictObject({
  plugins: z.array(z.looseObject({ name: z.string() })).optional(),
  define: z.record(z.string(), z.string()).optional(),
  loader: z.record(z.string(), z.string()).optional(),
  conditions: z.array(z.string()).optional(),
  mainFields: z.array(z.string()).optional(),
});

/** @throws PipelineError `ESBUILD_CONFIG_INVALID` */
export async function readExtraSettings(file: string | undefined): Promise<ExtraSettings> {
  if (file === undefined) return {};
  try {
    const module: unknown = createRequire(file)(file);
    const settings = isRecord(module) && 'default' in module ? module.default : module;
    settingsSchema.parse(settings);
    return settings as ExtraSettings;
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new PipelineError(
      'ESBUILD_CONFIG_INVALID',
      `${file} is to export settings of esbuild, any of plugins, define, loader, conditions and mainFields:\n${reason}`,
      { cause },
    );
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
