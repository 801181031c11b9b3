import {
  type EnhancedImageScanFinding,
  type ImageScanFinding,
  type ImageScanFindings,
} from '@aws-sdk/client-ecr';
import { type Finding } from './image-scans';

/**
 * The findings of one page, of ECR's own scan or of Amazon Inspector's, one for each package.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanFindings.html
 */
export function ecrFindings({ findings, enhancedFindings }: ImageScanFindings): Finding[] {
  return [
    ...(findings ?? []).map(basicFinding),
    ...(enhancedFindings ?? []).flatMap(enhancedFinding),
  ];
}

function basicFinding({ name, severity, uri, attributes = [] }: ImageScanFinding): Finding {
  const attribute = (key: string) => attributes.find((each) => each.key === key)?.value;
  return {
    id: name ?? 'unnamed',
    severity: severity ?? 'UNDEFINED',
    ...told({
      package: attribute('package_name'),
      version: attribute('package_version'),
      link: uri,
    }),
  };
}

function enhancedFinding(finding: EnhancedImageScanFinding): Finding[] {
  const { title, severity, status, packageVulnerabilityDetails: details } = finding;
  if (status === 'CLOSED') return [];
  const weakness = {
    id: details?.vulnerabilityId ?? title ?? 'unnamed',
    severity: severity ?? 'UNTRIAGED',
    ...told({ link: details?.sourceUrl }),
    ...(status === 'SUPPRESSED' ? { suppressed: true } : {}),
  };
  const packages = details?.vulnerablePackages ?? [];
  if (packages.length === 0) return [weakness];
  return packages.map(({ name, version, fixedInVersion }) => ({
    ...weakness,
    ...told({ package: name, version, fixedIn: fixedInVersion }),
  }));
}

type Details = Partial<Pick<Finding, 'package' | 'version' | 'fixedIn' | 'link'>>;

/** Without what is not told; Inspector has a word for that. */
function told(details: Details): Details {
  return Object.fromEntries(
    Object.entries(details).filter(([, value]) => value && value !== 'NotAvailable'),
  );
}
