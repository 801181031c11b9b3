const longest = 60;

/**
 * What the history of an image says about a layer: the destination of a COPY, `./service/`, and otherwise the beginning of the
 * instruction; undefined if there is no history.
 */
export function layerName(createdBy: string | undefined): string | undefined {
  const step = (createdBy ?? '')
    .replace(/\s#.*$/, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (!step) return undefined;
  const destination = /^COPY .* (\S+)$/.exec(step)?.[1];
  if (destination) return destination;
  return step.length > longest ? `${step.slice(0, longest)}...` : step;
}
