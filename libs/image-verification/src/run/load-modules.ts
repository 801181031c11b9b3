import path from 'node:path';
import { type RunnableImage } from './image-runner';

/** Relative to the working folder of the image. */
const dependencies = 'dependencies/index.js';

/** Whether the image has a bundle, whose third-party modules are evaluated only when the service first uses them. */
export const hasBundle = ({ run, files }: RunnableImage): boolean =>
  files.some((file) => file.path === path.posix.join(run.WorkingDir || '/', dependencies));

/**
 * A command that evaluates each third-party module of the bundle, also those that the service loads only in some cases. It prints
 * those that fail. What fails for a package that is left out on purpose is not loaded.
 */
export const loadModules = ({ leftOut }: RunnableImage): readonly string[] => [
  'CMD',
  'node',
  '-e',
  script,
  ...leftOut,
];

const script = `
const modules = require('./${dependencies}');
const leftOut = process.argv.slice(1);
const isLeftOut = ({ code, message }) => /MODULE_NOT_FOUND/.test(code)
  && leftOut.some((name) => message.includes("'" + name + "'") || message.includes("'" + name + '/'));
(async () => {
  const { '#load': load, ...rest } = modules;
  if (load) await load();
  let failed = 0;
  for (const [name, evaluate] of Object.entries(rest)) {
    try {
      evaluate();
    } catch (error) {
      if (isLeftOut({ code: error?.code, message: String(error?.message) })) continue;
      failed = 1;
      console.error(name + ': ' + String(error?.message ?? error).split('\\n')[0]);
    }
  }
  process.exit(failed);
})();
`;
