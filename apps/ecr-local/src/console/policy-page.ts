import {
  checkLifecyclePolicy,
  type LifecycleIssue,
  parseLifecyclePolicy,
  retentionPolicy,
} from '@typerush/image-registry';
import { type Addressed, addressOf, type ConsoleDeps, frameOf } from './console-data';
import { markup, type Markup } from './markup';
import { consolePaths, linkTo, page } from './layout';
import { longestForecastDays } from './lifecycle-forecast';
import { timeline } from './lifecycle-timeline';
import { asCdk, asTerraform, linesOfRules, policyText } from './policy-text';
import { count } from './text-forms';

export interface PolicyDraft {
  readonly text: string;
  /** How far the forecast looks ahead. */
  readonly days: number;
  readonly message?: string | undefined;
  readonly problem?: string | undefined;
}

export const defaultDays = 30;

export function savedDraft({ repository }: Addressed): PolicyDraft {
  const text = repository.lifecyclePolicy;
  return {
    text: text === undefined ? proposedPolicy() : pretty(text),
    days: defaultDays,
  };
}

/** Untagged images a week, the last 10 of each environment, and what is deployed is protected. */
export const proposedPolicy = (): string => policyText(retentionPolicy('environment'));

function pretty(text: string): string {
  try {
    return policyText(JSON.parse(text));
  } catch {
    return text;
  }
}

/** The editor of a lifecycle policy, beside what it does to each image and when. */
export function policyPage(
  deps: ConsoleDeps,
  token: string,
  addressed: Addressed,
  draft: PolicyDraft,
): string {
  const { repository } = addressed;
  const issues = checkLifecyclePolicy(draft.text);
  const parsed = parseLifecyclePolicy(draft.text);
  const now = deps.clock();
  const isSaved = repository.lifecyclePolicy !== undefined;
  return page(
    frameOf(deps, 'Repositories', `Lifecycle policy of ${repository.name}`),
    markup`<p>
      <a href="${linkTo(consolePaths.repository, addressOf(addressed))}">Back to the images</a>.
      ${isSaved ? 'This policy is applied once a day.' : 'The repository has no policy: this is a proposal, which is not applied.'}
    </p>`,
    markup`<div role="status">${draft.message && markup`<p class="note">${draft.message}</p>`}</div>`,
    markup`${draft.problem && markup`<p class="note problem" role="alert">${draft.problem}</p>`}`,
    markup`<div class="split">
      <section aria-labelledby="editor">
        <h2 id="editor">Policy</h2>
        ${problems(draft.text, issues)} ${editor(token, addressed, draft, issues)}
      </section>
      <section aria-labelledby="effect">
        <h2 id="effect">Effect</h2>
        ${'policy' in parsed ? timeline(repository.images, parsed.policy, { now, days: draft.days }) : markup`<p class="bad">The policy is not valid, so that nothing can be forecast.</p>`}
      </section>
    </div>`,
    exports(repository.name, draft.text),
  );
}

function editor(
  token: string,
  addressed: Addressed,
  { text, days }: PolicyDraft,
  issues: readonly LifecycleIssue[],
): Markup {
  const { registry, name } = addressOf(addressed);
  const canSplit = issues.some(({ code }) => code === 'all-of-list');
  return markup`<form method="post" action="${consolePaths.policy}">
      <input type="hidden" name="token" value="${token}" /><input
        type="hidden"
        name="registry"
        value="${registry}"
      />
      <input type="hidden" name="name" value="${name}" />
      <label for="text">JSON of the policy</label>
      <textarea id="text" name="text" spellcheck="false" maxlength="30720">${text}</textarea>
      <div class="row">
        <label for="days">Look ahead, in days</label>
        <input
          type="number"
          id="days"
          name="days"
          min="0"
          max="${longestForecastDays}"
          value="${days}"
        />
        <button class="main" name="do" value="evaluate">Evaluate</button>
        <button name="do" value="apply">Save to the repository</button>
        <button name="do" value="move">Move the clock by these days</button>
        ${canSplit && markup`<button name="do" value="split">Split the lists</button>`}
        <button name="do" value="propose">Propose a policy</button>
      </div>
    </form>`;
}

/** What is wrong with the policy, and where in its text. */
function problems(text: string, issues: readonly LifecycleIssue[]): Markup {
  if (issues.length === 0) return markup`<p class="good"><strong>No problem found</strong></p>`;
  return markup`<div class="note problem">
      <strong class="bad">${count(issues.length, 'problem')}</strong>
      <ul>
        ${issues.map(({ message, severity }) => markup`<li>${severity === 'warning' && 'Warning: '}${message}</li>`)}
      </ul>
    </div>
    <details open>
      <summary>The text with the lines of these rules marked</summary>
      <pre tabindex="0" aria-label="The policy with its problems marked">
${marked(text, issues)}</pre>
    </details>`;
}

/** The text, in which the lines of rules with a problem are marked. */
function marked(text: string, issues: readonly LifecycleIssue[]): Markup[] {
  const rules = linesOfRules(text);
  const spans = issues.flatMap(({ rulePriority }) => {
    const span = rulePriority === undefined ? undefined : rules.get(rulePriority);
    return span ? [span] : [];
  });
  return text.split('\n').map((line, at) => {
    const isMarked = spans.some(([first, last]) => at >= first && at <= last);
    return isMarked ? markup`<mark>${line}</mark>\n` : markup`${line}\n`;
  });
}

const exports = (name: string, text: string): Markup =>
  markup`<h2>Copy</h2>
    <details>
      <summary>AWS CLI and JSON</summary>
      <pre tabindex="0">
aws ecr put-lifecycle-policy --repository-name ${name} --lifecycle-policy-text file://policy.json

${text}</pre>
    </details>
    <details>
      <summary>CDK</summary>
      <pre tabindex="0">${asCdk(name, text)}</pre>
    </details>
    <details>
      <summary>Terraform</summary>
      <pre tabindex="0">${asTerraform(name, text)}</pre>
    </details>`;
