import { homeOf } from '../registry/registry';
import {
  addressOf,
  type Addressed,
  type ConsoleDeps,
  frameOf,
  type Parameters,
  storedBytes,
} from './console-data';
import { markup, type Markup } from './markup';
import { consolePaths, linkTo, page, table } from './layout';
import { count, sizeText, timeText } from './text-forms';

const mostShown = 200;

export async function repositoriesPage(deps: ConsoleDeps, query: Parameters): Promise<string> {
  const search = (query.get('search') ?? '').trim();
  const all: Addressed[] = deps.registries.all().flatMap((registry) =>
    registry.repositories
      .list()
      .filter(({ name }) => deps.viewer.mayRepository('ecr:DescribeRepositories', registry, name))
      .map((repository) => ({ registry, repository })),
  );
  const found = all
    .filter(({ repository: { name } }) => name.includes(search.toLowerCase()))
    .sort((one, other) => (one.repository.name < other.repository.name ? -1 : 1));
  const rows: Markup[] = [];
  for (const each of found.slice(0, mostShown)) rows.push(await row(each));
  return page(
    frameOf(deps, 'Repositories'),
    markup`<form class="row" role="search" method="get" action="/">
      <label for="search">Name contains</label>
      <input type="search" id="search" name="search" value="${search}" maxlength="256" />
      <button>Search</button>
    </form>`,
    all.length === 0
      ? markup`<p class="note">
            There is no repository${deps.viewer.name !== undefined && ' that you may see'}. Create one:
          </p>
          <pre tabindex="0">aws ecr create-repository --repository-name hello/world</pre>`
      : table(
          `${count(found.length, 'repository', 'repositories')}${found.length > mostShown ? `, the first ${mostShown}` : ''}`,
          [
            'Repository',
            'Tags are',
            'Images',
            'Size, shared layers once',
            'Last push',
            'Last pull',
          ],
          rows,
        ),
  );
}

async function row(addressed: Addressed): Promise<Markup> {
  const { registry, repository } = addressed;
  const images = repository.images.values();
  return markup`<tr>
    <th scope="row">
      <a href="${linkTo(consolePaths.repository, addressOf(addressed))}">${repository.name}</a
      ><br />
      <span class="quiet">${homeOf(registry)}</span>
    </th>
    <td>${repository.imageTagMutability.toLowerCase().replaceAll('_', ' ')}</td>
    <td class="number">${images.length}</td>
    <td class="number">${sizeText(await storedBytes(addressed))}</td>
    <td>${timeText(latest(images.map(({ pushedAt }) => pushedAt)))}</td>
    <td>${timeText(latest(repository.images.recordedPulls().map(([, at]) => at)))}</td>
  </tr>`;
}

export const latest = (times: readonly string[]): string | undefined =>
  times.reduce<string | undefined>(
    (last, time) => (last === undefined || time > last ? time : last),
    undefined,
  );
