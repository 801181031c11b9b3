import { type StoredImage } from '../registry/images';
import {
  addressedBy,
  addressOf,
  type ConsoleDeps,
  frameOf,
  type Parameters,
  storedBytes,
} from './console-data';
import { growth } from './growth';
import { markup } from './markup';
import { commands, consolePaths, linkTo, page, table } from './layout';
import { latest } from './repositories-page';
import { count, shortDigest, sizeText, timeText } from './text-forms';

const mostShown = 500;

export async function repositoryPage(deps: ConsoleDeps, query: Parameters): Promise<string> {
  const addressed = addressedBy(deps, query, ['ecr:DescribeRepositories', 'ecr:DescribeImages']);
  const { registry, repository } = addressed;
  const { images, name } = repository;
  const uri = `${registry.host()}/${name}`;
  const all = images.values().sort((one, other) => (one.pushedAt < other.pushedAt ? 1 : -1));
  return page(
    frameOf(deps, 'Repositories', name),
    markup`<dl>
      <dt>URI</dt>
      <dd><code>${uri}</code></dd>
      <dt>Tags are</dt>
      <dd>${repository.imageTagMutability.toLowerCase().replaceAll('_', ' ')}</dd>
      <dt>Size</dt>
      <dd>${sizeText(await storedBytes(addressed))}, shared layers once</dd>
      <dt>Created</dt>
      <dd>${timeText(repository.createdAt)}</dd>
      <dt>Last push</dt>
      <dd>${timeText(latest(all.map(({ pushedAt }) => pushedAt)))}</dd>
      <dt>Last pull</dt>
      <dd>${timeText(latest(images.recordedPulls().map(([, at]) => at)))}</dd>
      <dt>Lifecycle policy</dt>
      <dd>
        ${repository.lifecyclePolicy === undefined ? 'none' : 'is applied daily'}:
        <a href="${linkTo(consolePaths.policy, addressOf(addressed))}">open the policy workbench</a>
      </dd>
    </dl>`,
    table(
      `${count(all.length, 'image')}, newest first${all.length > mostShown ? `, the first ${mostShown}` : ''}`,
      ['Tags', 'Digest', 'Kind', 'Size', 'Pushed', 'Last pull'],
      all.slice(0, mostShown).map(
        (image) =>
          markup`<tr>
            <td class="wrap">${tagsOf(image)}</td>
            <td>
              <a
                href="${linkTo(consolePaths.image, { ...addressOf(addressed), digest: image.digest })}"
                ><code>${shortDigest(image.digest)}</code></a
              >
            </td>
            <td>${kindOf(image)}</td>
            <td class="number">${sizeText(image.size)}</td>
            <td>${timeText(image.pushedAt)}</td>
            <td>${timeText(images.lastPull(image.digest))}</td>
          </tr>`,
      ),
    ),
    await growth(addressed, deps.clock()),
    commands({
      'Log in': `aws ecr get-login-password --region ${registry.region} | docker login --username AWS --password-stdin ${registry.host()}`,
      'Push an image': `docker push ${uri}:latest`,
      'List the images': `aws ecr describe-images --region ${registry.region} --repository-name ${name}`,
    }),
  );
}

export const tagsOf = ({ tags }: Pick<StoredImage, 'tags'>) =>
  tags.length === 0
    ? markup`<span class="quiet">untagged</span>`
    : tags.map((tag) => markup`<span class="tag">${tag}</span>`);

export function kindOf({ mediaType, subject, artifactType }: StoredImage): string {
  if (subject !== undefined) return `attachment${artifactType ? `, ${artifactType}` : ''}`;
  return /index|manifest\.list/.test(mediaType) ? 'index' : 'image';
}
