import { type AccessDecision } from '@typerush/image-registry';
import { type WantedAccess } from '../access/access-control';
import { AccessError } from '../access/access-error';
import { accessToRepository } from '../access/ecr-access';
import { type Identity } from '../access/identity';
import { type Addressed, type ConsoleDeps } from './console-data';
import { table } from './layout';
import { markup, type Markup } from './markup';
import { count } from './text-forms';

/** What `docker pull` needs. https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-pull-policy.html */
const pullActions = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

const mostShown = 500;

interface Answer extends AccessDecision {
  readonly name: string;
}

/** The principals that may pull from a repository, and why; those that may not, behind a click. */
export function whoMayPull(deps: ConsoleDeps, addressed: Addressed): Markup {
  const { access, viewer } = deps;
  const { registry } = addressed;
  if (!access.identities) return markup``;
  const seen = access.identities
    .principals(registry.account)
    .filter(({ name }) => viewer.may('iam:SimulatePrincipalPolicy', registry, name));
  if (seen.length === 0) {
    return markup`<h2>Who may pull it</h2>
      <p class="quiet">
        You may see this for principals on which you are allowed
        <code>iam:SimulatePrincipalPolicy</code>.
      </p>`;
  }
  const answers = seen.map(({ name, identity }) => ({
    name,
    ...answerFor(deps, addressed, identity),
  }));
  const may = answers.filter(({ allowed }) => allowed);
  const mayNot = answers.filter(({ allowed }) => !allowed);
  return markup`<h2>Who may pull it</h2>
    <p class="quiet">
      Evaluated for a request from your address at this time, on the repository. An image has no policy of its own.
    </p>
    ${answersTable(`${count(may.length, 'principal')} may pull it`, may)}
    ${
      mayNot.length > 0 &&
      markup`<details>
        <summary>${count(mayNot.length, 'principal')} may not</summary>
        ${answersTable(`${count(mayNot.length, 'principal')} may not pull it`, mayNot)}
      </details>`
    }`;
}

function answerFor(
  { access, viewer }: ConsoleDeps,
  { registry, repository }: Addressed,
  identity: Identity | undefined,
): AccessDecision {
  if (!identity) return { allowed: false, reason: 'because its policies cannot be evaluated' };
  const { sourceIp } = viewer;
  const { kind, account } = identity.caller;
  // The token of docker login is for no repository. A service of AWS needs none.
  const login: WantedAccess[] =
    kind === 'service'
      ? []
      : [
          {
            action: 'ecr:GetAuthorizationToken',
            resource: '*',
            location: { account, region: registry.region },
            sourceIp,
          },
        ];
  try {
    const pull = pullActions.map((action) =>
      accessToRepository({ registry, sourceIp }, action, repository.name),
    );
    const decisions = [...login, ...pull].map((wanted) => access.decide(identity, wanted));
    return decisions.find(({ allowed }) => !allowed) ?? (decisions.at(-1) as AccessDecision);
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    return { allowed: false, reason: error.message };
  }
}

const answersTable = (caption: string, answers: readonly Answer[]): Markup =>
  table(
    caption,
    ['Principal', 'Why'],
    answers.slice(0, mostShown).map(
      ({ name, allowed, reason }) =>
        markup`<tr>
          <td class="wrap">${name}</td>
          <td class="wrap">${allowed && 'allowed '}${reason}</td>
        </tr>`,
    ),
  );
