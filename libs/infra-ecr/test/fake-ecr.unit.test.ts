import { fakeEcr, fakeImage } from './fake-ecr';

describe('fakeEcr', () => {
  it.each(['imageScanStatus', 'imageScanFindingsSummary'])(
    'fails if %s is read, which DescribeImages does not set',
    async (member) => {
      const { answer } = fakeEcr({ api: [fakeImage(1)] });
      const { imageDetails } = (await answer({
        command: 'DescribeImages',
        input: { repositoryName: 'api' },
      })) as { imageDetails: Record<string, unknown>[] };
      expect(() => imageDetails[0]?.[member]).toThrow(`does not set ${member}`);
    },
  );
});
