import { type FindingSeverity } from '@typerush/image-registry';
import pc from 'picocolors';
import { grid, type Report } from '../report';
import { type ScannedImage } from './scan-service';

const shown = 20;

/** The verdict on every platform of an image, for machines and for people. */
export function describeScans(
  service: string,
  repository: string,
  images: readonly ScannedImage[],
  threshold: FindingSeverity,
): Report & { readonly passed: boolean } {
  const passed = images.every(({ blocking }) => blocking.length === 0);
  return {
    passed,
    data: { service, repository, threshold, passed, images },
    text: images.map((image) => describeImage(service, image, threshold)).join(''),
  };
}

function describeImage(service: string, image: ScannedImage, threshold: FindingSeverity): string {
  const { platform, digest, counts, blocking } = image;
  const title = `${service}: scan of ${digest.slice(0, 19)}, ${platform}`;
  const rows = counts.map(({ severity, count }) => [severity, String(count)]);
  const found =
    rows.length > 0
      ? grid(title, ['severity', 'findings'], rows, ['left', 'right'])
      : `${pc.bold(title)}\n  nothing found\n`;
  return found + describeVerdict(blocking, threshold);
}

function describeVerdict(blocking: ScannedImage['blocking'], threshold: FindingSeverity): string {
  if (blocking.length === 0) return `  ${pc.green('passed')}: nothing from ${threshold} up\n`;
  const rows = blocking.slice(0, shown).map(({ severity, name, where }) => [severity, name, where]);
  const more = blocking.length > shown ? `  and ${blocking.length - shown} more\n` : '';
  const title = `  ${pc.red('blocked')}: ${blocking.length} from ${threshold} up. Update what they name, or the base image.`;
  return grid(title, ['severity', 'finding', 'package'], rows) + more;
}
