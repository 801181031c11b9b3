import { type Digest, digestOf } from '@typerush/oci';
import { type RemoteRegistry } from '../remote-registry';
import { idsToDelete, parseTemplate } from './deployed-stacks';
import { type GuardPorts, guardImages } from './destroy-guard';

const images = { 'team/app': ['a', 'b'].map(digestOf), 'team/empty': [] } as Record<
  string,
  Digest[]
>;

function ports(backedUp: readonly Digest[], toDelete: readonly string[] = Object.keys(images)) {
  const queried: string[] = [];
  const registry = {
    repositories: async () => Object.keys(images).map((name) => ({ name })),
    images: async (name: string) => {
      queried.push(name);
      return images[name]?.map((digest) => ({ digest, tags: [] }));
    },
  } as unknown as RemoteRegistry;
  const ports: GuardPorts = {
    repositoriesToDelete: async () => toDelete,
    registry,
    backedUpImages: async () => new Set(backedUp),
  };
  return { ports, queried };
}

describe('guardImages', () => {
  it('rejects images that are in no backup and names the commands', async () => {
    await expect(guardImages('dev', ['stack'], ports([digestOf('a')]).ports)).rejects.toMatchObject(
      {
        code: 'IMAGES_NOT_BACKED_UP',
        message: expect.stringMatching(
          /team\/app \(1 of 2\)[^]*nx run infra:backup -c dev --images[^]*nx run infra:destroy -c dev --force/,
        ),
      },
    );
  });

  it('allows the deletion of backed up images and of empty repositories', async () => {
    await guardImages('dev', ['stack'], ports(['a', 'b'].map(digestOf)).ports);
    await guardImages('dev', ['stack'], ports([], ['team/empty']).ports);
  });

  it('does not query a repository that is retained', async () => {
    const { ports: guardPorts, queried } = ports([], []);
    await guardImages('prod', ['stack'], guardPorts);
    expect(queried).toEqual([]);
  });
});

describe('idsToDelete', () => {
  const template = (policy: string) =>
    parseTemplate(
      `Resources:\n  App:\n    Type: AWS::ECR::Repository\n${policy}    Properties:\n      RepositoryName: !Sub team-\${AWS::Region}/app\n  Role:\n    Type: AWS::IAM::Role\n`,
    );

  it.each([
    ['', ['App']],
    ['    DeletionPolicy: Delete\n', ['App']],
    ['    DeletionPolicy: Retain\n', []],
    ['    DeletionPolicy: RetainExceptOnCreate\n', []],
  ])('with %j returns %j', (policy, expected) => {
    expect([...idsToDelete(template(policy))]).toEqual(expected);
  });

  it('accepts a template in JSON', () => {
    const body = JSON.stringify({ Resources: { App: { Type: 'AWS::ECR::Repository' } } });
    expect([...idsToDelete(parseTemplate(body))]).toEqual(['App']);
  });
});
