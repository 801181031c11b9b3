import { eventFaults, isMetricOfAws } from './service-spec';

describe('the metrics of AWS', () => {
  it.each([
    ['AWS/CodeBuild FailedBuilds {ProjectName}', true],
    ['AWS/ECR RepositoryPullCount {RepositoryName}', true],
    ['AWS/CodeBuild FailedBuild {ProjectName}', false],
    ['AWS/CodeBuild FailedBuilds {Project}', false],
    ['AWS/CodeBuild FailedBuilds {}', false],
    ['AWS/Builds FailedBuilds {ProjectName}', false],
    ['AWS/ECR RepositorySize {RepositoryName}', false],
  ])('include %s: %s', (metric, known) => {
    expect(isMetricOfAws(metric)).toBe(known);
  });
});

describe('the events of AWS', () => {
  const scan = { source: ['aws.ecr'], 'detail-type': ['ECR Image Scan'] };

  it.each([
    [{ ...scan, detail: { 'scan-status': ['COMPLETE'] } }, []],
    [
      { ...scan, detail: { scanStatus: ['COMPLETE'] } },
      ['"ECR Image Scan" has no detail.scanStatus'],
    ],
    [
      {
        ...scan,
        detail: { $or: [{ 'finding-severity-counts': { SEVERE: [{ numeric: ['>', 0] }] } }] },
      },
      ['"ECR Image Scan" has no detail.finding-severity-counts.SEVERE'],
    ],
    [{ ...scan, 'detail-type': ['ECR Scan'] }, ['aws.ecr emits no event "ECR Scan"']],
    [{ ...scan, source: ['aws.registry'] }, ['aws.registry emits no event "ECR Image Scan"']],
    [
      {
        source: ['aws.inspector2'],
        'detail-type': ['Inspector2 Finding'],
        detail: { resources: { details: { awsEcrContainerImage: { name: ['api'] } } } },
      },
      ['"Inspector2 Finding" has no detail.resources.details.awsEcrContainerImage.name'],
    ],
  ])('have the fields of %j, or this shows that not: %j', (pattern, faults) => {
    expect(eventFaults(pattern)).toEqual(faults);
  });
});
