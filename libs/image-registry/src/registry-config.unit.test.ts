import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRegistryConfig, RegistryConfigError } from './index';

describe('registry.json', () => {
  it('of this workspace is valid', () => {
    const text = readFileSync(join(__dirname, '../../../registry.json'), 'utf8');
    expect(parseRegistryConfig(text)).toMatchObject({ namespace: 'typerush', naming: 'shared' });
  });

  it('with wrong fields is refused by name, with what is allowed', () => {
    const read = () => parseRegistryConfig('{"namespace":"TypeRush","nameing":"shared"}');
    expect(read).toThrow(RegistryConfigError);
    expect(read).toThrow(/^registry\.json is not valid:\n/);
    expect(read).toThrow('namespace: must be lower-case letters and digits');
    expect(read).toThrow('naming: is missing: it must be one of shared, per-environment');
    expect(read).toThrow('nameing: is not a known field. Did you mean "naming"?');
  });

  const withMirrors = (baseMirrors: object) => () =>
    parseRegistryConfig(JSON.stringify({ namespace: 'a1', naming: 'shared', baseMirrors }));

  it('names mirrors of the registries of base images, for each environment', () => {
    const prod = {
      'public.ecr.aws': '123456789012.dkr.ecr.ap-southeast-1.amazonaws.com/prod-public',
    };
    expect(withMirrors({ prod })().baseMirrors).toEqual({ prod });
  });

  it.each([
    [{ prod: { 'public.ecr.aws': 'prod-public' } }, 'must be the address of a registry'],
    [{ prod: { 'https://ghcr.io': 'r.io/a' } }, 'is not the host of a registry'],
    [{ production: {} }, 'is not a known field'],
  ])('refuses the mirrors %j', (wrong, problem) => {
    expect(withMirrors(wrong)).toThrow(problem);
  });

  it('may start with a byte order mark', () => {
    const text = '\uFEFF{"namespace":"typerush","naming":"shared"}';
    expect(parseRegistryConfig(text)).toMatchObject({ namespace: 'typerush' });
  });

  const withRegistry = (registry: string) => () =>
    parseRegistryConfig(
      JSON.stringify({
        namespace: 'typerush',
        naming: 'shared',
        destinations: { dev: [{ registry }] },
      }),
    );

  it.each(['[::1]:5100', '[::1]/team', 'registry:5000/team', 'localhost', '127.0.0.1:5000'])(
    'has %s as a destination',
    (registry) => {
      expect(withRegistry(registry)().destinations).toEqual({ dev: [{ registry }] });
    },
  );

  it.each(['typerush/api', '[::1', '::1:5100', 'http://registry:5000'])(
    'rejects %s as a destination',
    (registry) => {
      expect(withRegistry(registry)).toThrow('the address of a registry');
    },
  );

  it('lists the registries that are reached by plain HTTP', () => {
    const read = (insecureRegistries: string[]) =>
      parseRegistryConfig(
        JSON.stringify({ namespace: 'typerush', naming: 'shared', insecureRegistries }),
      ).insecureRegistries;
    expect(read(['registry.corp:5000', '10.0.0.1:80'])).toEqual([
      'registry.corp:5000',
      '10.0.0.1:80',
    ]);
    expect(() => read(['http://registry.corp'])).toThrow('the host of a registry with its port');
  });

  const withSystem = (system: object) => () =>
    parseRegistryConfig(
      JSON.stringify({
        namespace: 'typerush',
        naming: 'shared',
        systems: [
          {
            namespace: 'acme',
            naming: 'per-environment',
            retention: 'release',
            services: ['api', 'team/workers'],
            ...system,
          },
        ],
      }),
    );

  it('names services of other workspaces, with a profile or a lifecycle policy', () => {
    expect(withSystem({ keep: { images: { 'sha-': 40 } } })().systems).toHaveLength(1);
    const rules = [
      {
        rulePriority: 1,
        selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 5 },
        action: { type: 'expire' },
      },
    ];
    expect(withSystem({ retention: { rules } })().systems?.[0]?.retention).toEqual({ rules });
  });

  it.each([
    [{ services: [] }, 'systems.0.services: must be a list of names of services'],
    [{ services: ['api', 'api'] }, 'each once'],
    [{ services: ['Api'] }, 'systems.0.services.0: must be'],
    [
      { retention: 'forever' },
      'systems.0.retention: must be one of environment, release, or a lifecycle policy',
    ],
    [{ keep: { images: { dev: 0 } } }, 'systems.0.keep.images.dev: must be a whole number'],
    [{ keep: { images: { prod: 3 } } }, 'of the profile release (v, sha-, latest, main, dev)'],
    [{ nameing: 'shared' }, 'Did you mean "naming"?'],
  ])('refuses a system with %j', (wrong, problem) => {
    expect(withSystem(wrong)).toThrow(problem);
  });

  const where = (prod: unknown) => () =>
    parseRegistryConfig(
      JSON.stringify({ namespace: 'typerush', naming: 'shared', destinations: { prod } }),
    );

  it('names regions and registries as destinations of an environment', () => {
    const prod = [
      { region: 'ap-southeast-1' },
      { region: 'us-gov-west-1' },
      { registry: 'ghcr.io/typerush' },
      { registry: 'localhost:5000' },
      { registry: 'registry:5000/a/b' },
    ];
    expect(where(prod)().destinations).toEqual({ prod });
  });

  it.each([
    [[], 'a list of destinations'],
    [[{ region: 'Frankfurt' }], 'destinations.prod.0.region: must be a region of AWS'],
    [[{ registry: 'typerush' }], 'destinations.prod.0.registry: must be the address'],
    [[{ registry: 'https://ghcr.io' }], 'destinations.prod.0.registry: must be the address'],
    [[{}], 'must be either'],
    [[{ region: 'eu-west-1', registry: 'ghcr.io' }], 'must be either'],
    [[{ region: 'eu-west-1' }, { region: 'eu-west-1' }], 'each once'],
    [[{ regoin: 'eu-west-1' }], 'Did you mean "region"?'],
  ])('refuses the destinations %j', (prod, problem) => {
    expect(where(prod)).toThrow(problem);
  });
});
