import { type Digest, digestOf } from '@typerush/oci';
import { type StandingRegistry } from '../standing-registry';
import { idsToDelete, parseTemplate } from './deployed-stacks';
import { type GuardPorts, guardImages } from './guard-images';

const images = { 'team/app': ['a', 'b'].map(digestOf), 'team/empty': [] } as Record<
  string,
  Digest[]
>;

function ports(held: readonly Digest[], doomed: readonly string[] = Object.keys(images)) {
  const asked: string[] = [];
  const registry = {
    repositories: async () => Object.keys(images).map((name) => ({ name })),
    images: async (name: string) => {
      asked.push(name);
      return images[name]?.map((digest) => ({ digest }));
    },
  } as unknown as StandingRegistry;
  const ports: GuardPorts = {
    stacks: { doomedRepositories: async () => doomed },
    registry,
    backedUpImages: async () => new Set(held),
  };
  return { ports, asked };
}

describe('the guard over images', () => {
  it('refuses while one stands that no backup holds, and says what to run', async () => {
    const { ports: world } = ports([digestOf('a')]);
    await expect(guardImages('dev', ['stack'], world)).rejects.toMatchObject({
      code: 'IMAGES_NOT_BACKED_UP',
      message: expect.stringMatching(
        /team\/app \(1 of 2\)[^]*nx run infra:backup -c dev --images[^]*nx run infra:destroy -c dev --force/,
      ),
    });
  });

  it('lets go what backups hold, and what is empty', async () => {
    await guardImages('dev', ['stack'], ports(['a', 'b'].map(digestOf)).ports);
    await guardImages('dev', ['stack'], ports([], ['team/empty']).ports);
  });

  it('does not look into a repository that outlives its stack', async () => {
    const { ports: world, asked } = ports([], []);
    await guardImages('prod', ['stack'], world);
    expect(asked).toEqual([]);
  });
});

describe('the repositories that go with a stack', () => {
  const template = (policy: string) =>
    parseTemplate(
      `Resources:\n  App:\n    Type: AWS::ECR::Repository\n${policy}    Properties:\n      RepositoryName: !Sub team-\${AWS::Region}/app\n  Role:\n    Type: AWS::IAM::Role\n`,
    );

  it.each([
    ['', ['App']],
    ['    DeletionPolicy: Delete\n', ['App']],
    ['    DeletionPolicy: Retain\n', []],
    ['    DeletionPolicy: RetainExceptOnCreate\n', []],
  ])('with %j are %j', (policy, expected) => {
    expect([...idsToDelete(template(policy))]).toEqual(expected);
  });

  it('are told from JSON too', () => {
    const body = JSON.stringify({ Resources: { App: { Type: 'AWS::ECR::Repository' } } });
    expect([...idsToDelete(parseTemplate(body))]).toEqual(['App']);
  });
});
