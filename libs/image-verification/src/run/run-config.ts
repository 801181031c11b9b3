import { type RunConfig } from '@typerush/oci';
import { type RunnableImage } from './image-runner';

/** The entry point of Node's official images: it runs what it is given. */
const nodeEntrypoint = 'docker-entrypoint.sh';

/** What the image starts, argument by argument. */
export function commandOf({ Entrypoint, Cmd }: RunConfig): string[] {
  const entrypoint = (Entrypoint ?? []).filter((each) => each !== nodeEntrypoint);
  return [...entrypoint, ...(Cmd ?? [])];
}

/** The image's own environment and what the run adds, with an address of this machine where the image names one. */
export function environmentOf(
  { run, env }: RunnableImage,
  address: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const own = Object.fromEntries(
    (run.Env ?? []).map((pair) => {
      const [name = ''] = pair.split('=', 1);
      return [name, pair.slice(name.length + 1)];
    }),
  );
  const here = Object.entries(address).filter(([name]) => name in own);
  return { ...own, ...env, ...Object.fromEntries(here) };
}
