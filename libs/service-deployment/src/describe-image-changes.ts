/** The image of a service before and after a deployment, each as people call it. */
export interface ImageChange {
  readonly service: string;
  /** @default - the service does not run */
  readonly from?: { readonly digest: string; readonly version: string };
  /** @default - no image has been pushed */
  readonly to?: { readonly digest: string; readonly version: string };
}

/** `game-service: v1.4.0 -> v1.5.0`, a line for each service. */
export function describeImageChanges(changes: readonly ImageChange[]): string {
  return [
    'Images',
    ...changes.map((change) => `  ${change.service}: ${describe(change)}`),
    '',
  ].join('\n');
}

function describe({ from, to }: ImageChange): string {
  if (!to)
    return from ? `${from.version} (the registry has no image)` : 'none, infra:deploy pushes one';
  if (!from) return `none -> ${to.version}`;
  return from.digest === to.digest
    ? `${to.version} (unchanged)`
    : `${from.version} -> ${to.version}`;
}
