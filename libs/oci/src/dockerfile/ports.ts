import { isIP } from 'node:net';
import { type DockerfileLocation, invalid } from './dockerfile-error';

/**
 * The ports of one word of EXPOSE, as `port/protocol`. BuildKit accepts an address and a host port before a port, and ignores both.
 * https://docs.docker.com/reference/dockerfile/#expose
 */
export function exposedPorts(at: DockerfileLocation, text: string): string[] {
  const problem = invalid(
    at,
    `invalid port "${text}". Expected, for example, 3000, 3000/udp or 3000-3005.`,
  );
  const [, address, host, ports = '', protocol = 'tcp'] =
    /^(?:(?:(\[[^\]]*\]|[^:]*):)?([^:/]*):)?([^:/]+)(?:\/(\w+))?$/.exec(text) ?? [];
  const range = readRange(ports);
  const hostRange = host ? readRange(host) : range;
  const name = protocol.toLowerCase();
  if (!range || !hostRange || !['tcp', 'udp', 'sctp'].includes(name)) throw problem;
  if (address && !isIP(address.replace(/^\[|\]$/g, ''))) throw problem;
  const [first, last] = range;
  if (first !== last && hostRange[1] - hostRange[0] !== last - first) throw problem;
  return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${name}`);
}

function readRange(text: string): [first: number, last: number] | undefined {
  const [, first = '', last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text) ?? [];
  const range: [number, number] = [Number(first), Number(last)];
  return first !== '' && range[1] <= 65535 && range[0] <= range[1] ? range : undefined;
}
