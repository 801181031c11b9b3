import { type KeyObject } from 'node:crypto';
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { EcrRepositories, type Repository } from '@typerush/ecr-access';
import { type EcrLocal } from '@typerush/ecr-access/testing';
import { bundleType, signWith, statementOf } from '@typerush/image-signatures/testing';
import {
  attachArtifact,
  type Descriptor,
  digestOf,
  MEDIA_TYPE,
  RegistryClient,
  RemoteRepository,
} from '@typerush/oci';

/** An image in a repository of ecr-local, which a test signs. */
export class SignedImage {
  private constructor(
    readonly repository: Repository,
    private readonly content: RemoteRepository,
    readonly descriptor: Descriptor,
  ) {}

  /** Creates the repository and pushes an image without layers to it. @param tag Of the image. @default none */
  static async push(
    { ecr, target }: EcrLocal,
    repositoryName: string,
    tag?: string,
  ): Promise<SignedImage> {
    await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    const names = { project: 'app', environment: 'prod' } as const;
    const repository = await new EcrRepositories(target, names).find(repositoryName);
    const content = new RemoteRepository(new RegistryClient(repository), repository.path);
    const put = async (mediaType: string, value: object) => {
      const bytes = Buffer.from(JSON.stringify(value));
      const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
      await content.push(descriptor, () => Promise.resolve(bytes));
      return { ...descriptor, bytes };
    };
    const config = await put(MEDIA_TYPE.ociConfig, { architecture: 'amd64', os: 'linux' });
    const mediaType = MEDIA_TYPE.ociManifest;
    const { bytes, ...descriptor } = await put(mediaType, {
      schemaVersion: 2,
      mediaType,
      config: { mediaType: config.mediaType, digest: config.digest, size: config.size },
      layers: [],
    });
    if (tag) await content.tag({ descriptor, bytes }, tag);
    return new SignedImage(repository, content, descriptor);
  }

  /** @param digest Of the image that the statement is about. @default this one */
  async sign(privateKey: KeyObject, digest: string = this.descriptor.digest): Promise<void> {
    await this.attach(signWith(privateKey, statementOf(digest)));
  }

  /** Attaches a bundle, or what is none. */
  async attach(bytes: Buffer): Promise<void> {
    const { client, repository } = this.content;
    const layers = [{ mediaType: bundleType, bytes }];
    const subject = this.descriptor;
    await attachArtifact({ client, repository, subject, artifactType: bundleType, layers });
  }
}
