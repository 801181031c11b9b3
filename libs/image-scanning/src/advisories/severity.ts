import { fromVector } from 'ae-cvss-calculator';
import { type Advisory, type Affected } from './osv';

/** Those of Amazon ECR. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanFinding.html */
export type Severity = 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL' | 'UNDEFINED';

export interface CvssScore {
  /** `3.1` */
  readonly version: string;
  readonly vector: string;
  readonly baseScore: number;
}

export interface Rating {
  readonly severity: Severity;
  readonly cvss?: CvssScore;
}

/**
 * Severity of an advisory for a package: that of the distribution, if it rates it, otherwise the rating of the CVSS score,
 * as in ECR (https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-basic.html); otherwise that of the database.
 */
export function rate(advisory: Advisory, affected: Affected): Rating {
  const cvss = scoreOf(affected.severity) ?? scoreOf(advisory.severity);
  const severity =
    wordOf(affected.ecosystem_specific?.urgency) ??
    (cvss && ratingOf(cvss)) ??
    wordOf(advisory.database_specific?.severity) ??
    'UNDEFINED';
  return { severity, ...(cvss && { cvss }) };
}

/**
 * Words of Debian (https://security-team.debian.org/security_tracker.html#severity-levels), npm (`info`) and GitHub. Debian has
 * others for what it has not rated, such as `not yet assigned`.
 */
const words: ReadonlyMap<string, Severity> = new Map([
  ['unimportant', 'INFORMATIONAL'],
  ['info', 'INFORMATIONAL'],
  ['low', 'LOW'],
  ['medium', 'MEDIUM'],
  ['moderate', 'MEDIUM'],
  ['high', 'HIGH'],
  ['critical', 'CRITICAL'],
]);

/** The severity that a word of a database means. */
export const severityOf = (word: string): Severity => wordOf(word) ?? 'UNDEFINED';

const wordOf = (word: unknown): Severity | undefined =>
  typeof word === 'string' ? words.get(word.toLowerCase().replace(/\*+$/, '')) : undefined;

/** In the order of precedence: ECR has attributes for scores of version 3. */
const cvssTypes = ['CVSS_V3', 'CVSS_V4', 'CVSS_V2'];

function scoreOf(severities: Advisory['severity']): CvssScore | undefined {
  for (const type of cvssTypes) {
    for (const { score } of severities.filter((each) => each.type === type)) {
      const found = readVector(score);
      if (found) return found;
    }
  }
  return undefined;
}

/** Real vectors with all metrics have 200 characters. */
const maximumLength = 500;

/** undefined if it is not a vector, or a metric is missing. https://www.first.org/cvss/ */
export function readVector(vector: string): CvssScore | undefined {
  if (vector.length > maximumLength) return undefined;
  try {
    const { base } = fromVector(vector).calculateScores() as { readonly base?: number };
    if (typeof base !== 'number' || !Number.isFinite(base)) return undefined;
    const [, version = '2.0'] = /^CVSS:(\d\.\d)\//.exec(vector) ?? [];
    return { version, vector, baseScore: base };
  } catch {
    return undefined;
  }
}

/** https://nvd.nist.gov/vuln-metrics/cvss: version 2 has no `critical`; a score of 0 has no rating. */
function ratingOf({ version, baseScore }: CvssScore): Severity {
  if (baseScore === 0) return 'INFORMATIONAL';
  if (baseScore < 4) return 'LOW';
  if (baseScore < 7) return 'MEDIUM';
  return baseScore < 9 || version === '2.0' ? 'HIGH' : 'CRITICAL';
}
