import { type StoredImage } from '../registry/images';
import {
  addressedBy,
  addressOf,
  type Addressed,
  type ConsoleDeps,
  frameOf,
  NotInConsoleError,
  type Parameters,
} from './console-data';
import { markup, type Markup } from './markup';
import {
  blobText,
  type ConfigDocument,
  configOf,
  type Descriptor,
  type ManifestDocument,
  manifestOf,
  packagesOf,
} from './image-document';
import { commands, consolePaths, linkTo, page, table } from './layout';
import { kindOf, tagsOf } from './repository-page';
import { findings, scanOf } from './image-scan';
import { count, shortDigest, sizeText, timeText } from './text-forms';
import { whoMayPull } from './who-may-pull';

const mostShown = 500;

/** The page has what a pull gets, and what is recorded of the image. */
const actions = ['ecr:DescribeImages', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

export async function imagePage(deps: ConsoleDeps, query: Parameters): Promise<string> {
  const addressed = addressedBy(deps, query, actions);
  const { registry, repository } = addressed;
  const digest = query.get('digest') ?? '';
  const image = repository.images.get(digest);
  if (!image) throw new NotInConsoleError(`There is no image "${digest}" in ${repository.name}.`);
  const uri = `${registry.host()}/${repository.name}@${digest}`;
  const of = `--region ${registry.region} --repository-name ${repository.name}`;
  const id = `imageDigest=${digest}`;
  const manifest = await manifestOf(addressed, image);
  const config = await configOf(addressed, manifest);
  const scan = await scanOf(deps, addressed, digest);
  return page(
    frameOf(deps, 'Repositories', `${repository.name}@${shortDigest(digest)}`),
    markup`<p>
        <a href="${linkTo(consolePaths.repository, addressOf(addressed))}">Back to the images</a>
      </p>
      <dl>
        <dt>Tags</dt>
        <dd>${tagsOf(image)}</dd>
        <dt>Digest</dt>
        <dd><code>${digest}</code></dd>
        <dt>Kind</dt>
        <dd>${kindOf(image)}, <code>${image.mediaType}</code></dd>
        ${
          config &&
          markup`<dt>Platform</dt>
            <dd>${config.os}/${config.architecture}</dd>
            <dt>User</dt>
            <dd>${config.config.User || 'root'}</dd>`
        }
        <dt>Size</dt>
        <dd>${sizeText(image.size)}</dd>
        <dt>Pushed</dt>
        <dd>${timeText(image.pushedAt)}</dd>
        <dt>Last pull</dt>
        <dd>${timeText(repository.images.lastPull(digest))}</dd>
        ${
          !deps.access.identities &&
          markup`<dt>May pull it</dt>
            <dd>everybody: ecr-local runs without a file of roles</dd>`
        }
      </dl>`,
    manifest.manifests.length > 0 ? platforms(addressed, manifest.manifests) : markup``,
    config ? layers(manifest, config) : markup``,
    await content(addressed, image, manifest),
    await attachments(addressed, digest),
    findings(scan),
    whoMayPull(deps, addressed),
    commands({
      'Pull it by digest': `docker pull ${uri}`,
      'Describe it': `aws ecr describe-images ${of} --image-ids ${id}`,
      'Print its manifest': `aws ecr batch-get-image ${of} --image-ids ${id} --query 'images[0].imageManifest' --output text`,
      ...(scan === undefined
        ? config && { 'Scan it': `aws ecr start-image-scan ${of} --image-id ${id}` }
        : { 'List its findings': `aws ecr describe-image-scan-findings ${of} --image-id ${id}` }),
    }),
  );
}

const imageLink = (addressed: Addressed, digest: string): Markup =>
  addressed.repository.images.get(digest)
    ? markup`<a href="${linkTo(consolePaths.image, { ...addressOf(addressed), digest })}"
        ><code>${shortDigest(digest)}</code></a
      >`
    : markup`<code>${shortDigest(digest)}</code> (not here)`;

const platforms = (addressed: Addressed, children: readonly Descriptor[]): Markup =>
  markup`<h2>Images of the index</h2>
    ${table(
      count(children.length, 'image'),
      ['Platform', 'Image', 'Manifest'],
      children.slice(0, mostShown).map(
        ({ digest, platform, size }) =>
          markup`<tr>
            <td>
              ${platform ? [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/') : 'none'}
            </td>
            <td>${imageLink(addressed, digest)}</td>
            <td class="number">${sizeText(size)}</td>
          </tr>`,
      ),
    )}`;

function layers({ layers: all }: ManifestDocument, { history, config }: ConfigDocument): Markup {
  const steps = history.filter(({ empty_layer: isEmpty }) => !isEmpty);
  const labels = Object.entries(config.Labels);
  return markup`<h2>Layers</h2>
    ${table(
      `${count(all.length, 'layer')}, the base first`,
      ['Layer', 'Size', 'Made by'],
      all.slice(0, mostShown).map(
        ({ digest, size }, at) =>
          markup`<tr>
            <td><code>${shortDigest(digest)}</code></td>
            <td class="number">${sizeText(size)}</td>
            <td class="wrap">
              ${steps[at]?.created_by ?? markup`<span class="quiet">no history</span>`}
            </td>
          </tr>`,
      ),
    )}
    ${
      labels.length > 0 &&
      markup`<h2>Labels</h2>
        ${table(
          count(labels.length, 'label'),
          ['Label', 'Value'],
          labels.slice(0, mostShown).map(
            ([name, value]) =>
              markup`<tr>
                <td class="wrap">${name}</td>
                <td class="wrap">${value}</td>
              </tr>`,
          ),
        )}`
    }`;
}

/** The document of an attachment, such as an SBOM or provenance. */
async function content(
  addressed: Addressed,
  { subject }: StoredImage,
  { layers: [first] }: ManifestDocument,
): Promise<Markup> {
  if (subject === undefined || !first) return markup``;
  const document = await blobText(addressed, first.digest);
  if (!document) return markup``;
  const packages = packagesOf(document.text);
  return markup`<p>It is attached to ${imageLink(addressed, subject)}.</p>
    ${
      packages.length > 0 &&
      markup`<h2>Packages</h2>
        ${table(
          `${count(packages.length, 'package')}${packages.length > mostShown ? `, the first ${mostShown}` : ''}`,
          ['Package', 'Version'],
          packages.slice(0, mostShown).map(
            ({ name, version }) =>
              markup`<tr>
                <td class="wrap">${name}</td>
                <td class="wrap">${version}</td>
              </tr>`,
          ),
        )}`
    }
    <h2>Content</h2>
    <details>
      <summary>
        ${first.mediaType}, ${sizeText(first.size)}${!document.isWhole && ', its beginning'}
      </summary>
      <pre tabindex="0">${document.text.slice(0, 100_000)}</pre>
    </details>`;
}

async function attachments(addressed: Addressed, digest: string): Promise<Markup> {
  const all = addressed.repository.images.referrersOf(digest);
  if (all.length === 0) return markup``;
  return markup`<h2>Attachments</h2>
    ${table(
      count(all.length, 'attachment'),
      ['Kind', 'Image', 'Size', 'Pushed'],
      all.slice(0, mostShown).map(
        ({ digest: own, artifactType, size, pushedAt }) =>
          markup`<tr>
            <td class="wrap">${artifactType ?? 'unknown'}</td>
            <td>${imageLink(addressed, own)}</td>
            <td class="number">${sizeText(size)}</td>
            <td>${timeText(pushedAt)}</td>
          </tr>`,
      ),
    )}`;
}
