/* global exports, process, require */
// Lambda's index.js, out of this very text: RepositoryMeasurement says what it may take and what it may do.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the runtime's SDK is found by require alone
const sdk = require('@aws-sdk/client-ecr');

const { NAMESPACE, PREFIXES, REGISTRY } = process.env;
const lists = /image\.index|manifest\.list/;
// The types of an image's configuration; DescribeImages does not have to set it.
const images = /^$|container\.image|image\.config/;
const ecr = new sdk.ECRClient({ maxAttempts: 8 });

async function* pages(Command, input) {
  let nextToken;
  do {
    const page = await ecr.send(new Command({ ...input, maxResults: 1000, nextToken }));
    yield page;
    nextToken = page.nextToken;
  } while (nextToken);
}

async function repositories() {
  const names = [];
  for await (const page of pages(sdk.DescribeRepositoriesCommand, {})) {
    names.push(...page.repositories.map(({ repositoryName }) => repositoryName));
  }
  return names.filter((name) => PREFIXES.split(' ').some((prefix) => name.startsWith(prefix)));
}

// ECR scans neither an index nor what is attached to an image, such as an SBOM, nor other artifacts.
const isScannable = ({ imageManifestMediaType, artifactMediaType = '', subjectManifestDigest }) =>
  !lists.test(imageManifestMediaType) && !subjectManifestDigest && images.test(artifactMediaType);

async function measure(repositoryName) {
  const found = { RepositorySize: 0, ImageCount: 0, Unscanned: 0 };
  let newest;
  for await (const page of pages(sdk.DescribeImagesCommand, { repositoryName })) {
    for (const image of page.imageDetails) {
      found.ImageCount += 1;
      // The images of a list are counted by themselves.
      if (!lists.test(image.imageManifestMediaType)) found.RepositorySize += image.imageSizeInBytes;
      if (!isScannable(image) || image.imagePushedAt <= newest?.imagePushedAt) continue;
      newest = image;
    }
  }
  return newest ? { ...found, ...(await findings(repositoryName, newest)) } : found;
}

// Basic scanning does not set the scan's status in DescribeImages.
async function findings(repositoryName, { imageDigest }) {
  const input = { repositoryName, imageId: { imageDigest }, maxResults: 1 };
  const { imageScanStatus, imageScanFindings } = await ecr
    .send(new sdk.DescribeImageScanFindingsCommand(input))
    .catch((error) => {
      if (error.name !== 'ScanNotFoundException') throw error;
      return {};
    });
  if (!['COMPLETE', 'ACTIVE'].includes(imageScanStatus?.status)) return { Unscanned: 1 };
  const { CRITICAL = 0, HIGH = 0, ...others } = imageScanFindings?.findingSeverityCounts ?? {};
  const OtherFindings = Object.values(others).reduce((sum, count) => sum + count, 0);
  return { CriticalFindings: CRITICAL, HighFindings: HIGH, OtherFindings };
}

// CloudWatch makes metrics of lines in its embedded metric format. Past console.log, which puts a prefix before them.
function emit(dimensions, values) {
  const Metrics = Object.keys(values).map((Name) => ({
    Name,
    Unit: Name.endsWith('Size') ? 'Bytes' : 'Count',
  }));
  const Dimensions = [Object.keys(dimensions)];
  const CloudWatchMetrics = [{ Namespace: NAMESPACE, Dimensions, Metrics }];
  const line = { _aws: { Timestamp: Date.now(), CloudWatchMetrics }, ...dimensions, ...values };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

exports.handler = async () => {
  const totals = {
    CriticalFindings: 0,
    HighFindings: 0,
    RegistrySize: 0,
    Unmeasured: 0,
    Unscanned: 0,
  };
  const names = (await repositories()).values();
  const worker = async () => {
    for (const Repository of names) {
      try {
        const values = await measure(Repository);
        emit({ Repository }, values);
        totals.RegistrySize += values.RepositorySize;
        totals.CriticalFindings += values.CriticalFindings ?? 0;
        totals.HighFindings += values.HighFindings ?? 0;
        totals.Unscanned += values.Unscanned;
      } catch (error) {
        totals.Unmeasured += 1;
        process.stdout.write(`${JSON.stringify({ Repository, error: String(error) })}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: 5 }, worker));
  emit({ Registry: REGISTRY }, totals);
};
