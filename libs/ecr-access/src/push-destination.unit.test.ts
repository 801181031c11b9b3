import { type Destination } from '@typerush/image-registry';
import { type EcrTarget } from './ecr-target';
import { pushDestinations, requestedDestinations } from './push-destination';
import { type Repository } from './repository';

const found: { target: EcrTarget; name: string }[] = [];
const access = {
  environment: 'prod' as const,
  target: { region: 'ap-southeast-1', endpoint: 'http://127.0.0.1:1' },
  ecr: (target: EcrTarget) => ({
    find: (name: string) => {
      found.push({ target, name });
      return Promise.resolve({ name } as Repository);
    },
  }),
  credentials: (host: string) => () => Promise.resolve({ username: host, password: 'p' }),
};
const config = {
  repository: 'api',
  retention: 'release' as const,
  port: 1,
  health: '/',
  platforms: [],
};
const destinationsOf = (destinations: Destination[], requested: readonly Destination[] = []) =>
  pushDestinations(
    { repository: 'team-prod/api', config, destinations, insecureRegistries: ['plain.corp:5000'] },
    requested,
    access,
  );

beforeEach(() => (found.length = 0));

describe('pushDestinations', () => {
  it('returns the ECR of the AWS configuration by default', async () => {
    const [only] = destinationsOf([]);
    await only?.open();
    expect(only).toMatchObject({
      name: 'ap-southeast-1',
      ecr: { region: 'ap-southeast-1' },
      region: undefined,
    });
    expect(found).toEqual([{ target: access.target, name: 'team-prod/api' }]);
  });

  it('returns ECR in each region, at the same endpoint', async () => {
    const destinations = destinationsOf([{ region: 'eu-west-1' }, { region: 'us-east-1' }]);
    for (const destination of destinations) await destination.open();
    expect(found.map(({ target }) => target)).toEqual([
      { ...access.target, region: 'eu-west-1' },
      { ...access.target, region: 'us-east-1' },
    ]);
  });

  it('uses plain HTTP only for the registries that are listed as insecure', async () => {
    const schemeOf = async (registry: string) =>
      (await destinationsOf([{ registry }])[0]?.open())?.scheme;
    expect(await schemeOf('plain.corp:5000/team')).toBe('http');
    expect(await schemeOf('plain.corp/team')).toBeUndefined();
  });

  it('returns another registry with its folder and the credentials for its host', async () => {
    const [only] = destinationsOf([{ registry: 'ghcr.io:443/team/images' }]);
    const repository = await only?.open();
    expect(repository).toMatchObject({
      uri: 'ghcr.io:443/team/images/api',
      host: 'ghcr.io:443',
      path: 'team/images/api',
      mutability: { imageTagMutability: 'MUTABLE' },
    });
    const { credentials } = repository ?? {};
    expect(typeof credentials === 'function' && (await credentials())).toMatchObject({
      username: 'ghcr.io:443',
    });
    expect(found).toEqual([]);
  });

  it('names the repositories of other services as the destination does', () => {
    const services = [{ name: 'web', fullName: 'team-prod/web' }];
    const [ecr, other] = destinationsOf([{ region: 'eu-west-1' }, { registry: 'ghcr.io/team' }]);
    expect(ecr?.siblings(services)).toEqual(['team-prod/web']);
    expect(other?.siblings(services)).toEqual(['team/web']);
  });

  it('prefers the requested destinations to those of registry.json', () => {
    const requested = requestedDestinations(['eu-west-1'], ['ghcr.io/team']);
    const names = destinationsOf([{ region: 'us-east-1' }], requested).map(({ name }) => name);
    expect(names).toEqual(['eu-west-1', 'ghcr.io/team']);
  });
});

describe('requestedDestinations', () => {
  it.each([
    ['region', ['Frankfurt'], []],
    ['registry', [], ['team']],
  ])('rejects an invalid --%s', (option, regions, registries) => {
    expect(() => requestedDestinations(regions, registries)).toThrow(
      expect.objectContaining({
        code: 'OPTIONS_INVALID',
        message: expect.stringContaining(`--${option}=`),
      }),
    );
  });
});
