import { type ConsoleDeps, frameOf } from './console-data';
import { markup } from './markup';
import { page, table } from './layout';
import { count, timeText } from './text-forms';

const eventsShown = 100;

/** The stacks of CloudFormation, each with its latest events. */
export function stacksPage(deps: ConsoleDeps): string {
  const all = [...deps.stackStores].flatMap(([home, stacks]) => {
    const [account = '', region = ''] = home.split('/');
    return stacks
      .all()
      .filter(({ id }) =>
        deps.viewer.may('cloudformation:DescribeStackEvents', { account, region }, id),
      )
      .map((stack) => ({ home, stack }));
  });
  const sections = all.reverse().map(
    ({ home, stack }) =>
      markup`<section>
        <h2>${stack.name}</h2>
        <p>
          ${stack.status}, <span class="quiet">${home}</span>,
          ${count(stack.events.length, 'event')}
        </p>
        <details>
          <summary>Events of ${stack.name}</summary>
          ${table(
            `The latest ${Math.min(stack.events.length, eventsShown)} events of ${stack.name}`,
            ['Time', 'Resource', 'Type', 'Status', 'Reason'],
            [...stack.events]
              .sort((one, other) => other.at.getTime() - one.at.getTime())
              .slice(0, eventsShown)
              .map(
                ({ at, logicalId, type, status, reason }) =>
                  markup`<tr>
                    <td>${timeText(at)}</td>
                    <td class="wrap">${logicalId}</td>
                    <td>${type}</td>
                    <td>${status}</td>
                    <td class="wrap">${reason}</td>
                  </tr>`,
              ),
          )}
        </details>
      </section>`,
  );
  return page(
    frameOf(deps, 'Stacks'),
    all.length === 0
      ? markup`<p class="note">
          There is no stack${deps.viewer.name !== undefined && ' that you may see'}. <code>cdk deploy</code> creates one here if AWS_ENDPOINT_URL is set.
        </p>`
      : markup`${sections}`,
  );
}
