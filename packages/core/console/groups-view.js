import { duration, number } from './format.js';
import { useAction } from './hooks.js';
import { html } from './html.js';
import { Badge, Button, Failure } from './parts.js';
import { Sparkline } from './sparkline.js';

/** The groups, with their lag over the last five minutes. */
export function GroupsView({ api, groups, history, paths, announce }) {
  const { value, refresh } = groups;
  if (value === undefined) return html`<p>Loading…</p>`;
  if (value.groups.length === 0) {
    return html`<p class="empty">There are no groups yet. A group appears when its worker starts.</p>`;
  }
  const canPause = paths.has('/ops/groups/{group}/pause');
  return html`
    <table class="cards" role="table" aria-label="Groups">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">Group</th>
          <th role="columnheader" scope="col">Lag</th>
          <th role="columnheader" scope="col" class="number">Oldest</th>
          <th role="columnheader" scope="col" class="number">In flight</th>
          <th role="columnheader" scope="col" class="number">Handled, last minute</th>
          <th role="columnheader" scope="col" class="number">Retries, last minute</th>
          <th role="columnheader" scope="col" class="number">Dead letters</th>
          <th role="columnheader" scope="col">Consumers here</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${value.groups.map(
          (status) => html`
            <${Group}
              key=${status.group}
              status=${status}
              lags=${history.get(status.group) ?? []}
              api=${api}
              canPause=${canPause}
              refresh=${refresh}
              announce=${announce}
            />
          `,
        )}
      </tbody>
    </table>
    <p class="note">Lag, age and dead letters come from the broker. The other numbers count this ${value.process} only.</p>
  `;
}

function Group({ status, lags, api, canPause, refresh, announce }) {
  const { group, keys, consumers, paused, activity } = status;
  const minute = activity?.lastMinute;
  const lag = total(keys, 'lag');
  const oldest = keys.map(({ oldestAgeMs }) => oldestAgeMs).filter((age) => age !== undefined);
  const letters = total(keys, 'deadLetters');
  return html`
    <tr role="row">
      <th role="rowheader" scope="row">
        ${group}
        ${keys.length > 1 && html`<${Keys} keys=${keys} />`}
      </th>
      <td role="cell" data-label="Lag" class="lag"><span class="value">${number(lag)}</span> <${Sparkline} values=${lags} noun="Lag" /></td>
      <td role="cell" data-label="Oldest" class="number">${oldest.length > 0 ? duration(Math.max(...oldest)) : '–'}</td>
      <td role="cell" data-label="In flight" class="number">${number(activity?.inFlight)}</td>
      <td role="cell" data-label="Handled, last minute" class="number">${number(minute?.handled)}</td>
      <td role="cell" data-label="Retries, last minute" class="number">${number(minute?.retried)}</td>
      <td role="cell" data-label="Dead letters" class="number">
        ${letters === 0 ? '0' : html`<a href="#dead-letters?group=${encodeURIComponent(group)}" aria-label="Dead letters of ${group}: ${number(letters)}">${number(letters)}</a>`}
      </td>
      <td role="cell" data-label="Consumers here" class="consumers">
        ${consumers === 0 ? 'none' : number(consumers)}
        ${paused > 0 && html` <${Badge} status="paused" />`}
        ${canPause && consumers > 0 && html`<${PauseButton} group=${group} paused=${paused > 0} api=${api} refresh=${refresh} announce=${announce} />`}
      </td>
    </tr>
  `;
}

function PauseButton({ group, paused, api, refresh, announce }) {
  const { run, busy, error } = useAction(async () => {
    await (paused ? api.resume(group) : api.pause(group));
    announce(`Group ${group} is ${paused ? 'resumed' : 'paused'}.`);
    await refresh();
  });
  const verb = paused ? 'Resume' : 'Pause';
  return html`
    <${Button} busy=${busy} onClick=${run} aria-label="${verb} group ${group}">${busy ? `${verb}…` : verb}<//>
    <${Failure} error=${error} />
  `;
}

function Keys({ keys }) {
  return html`
    <details>
      <summary>${keys.length} keys</summary>
      <ul>
        ${keys.map(({ key, lag, oldestAgeMs, deadLetters }) => html`<li>${key}: lag ${number(lag)}, oldest ${duration(oldestAgeMs)}, dead letters ${number(deadLetters)}</li>`)}
      </ul>
    </details>
  `;
}

/** The sum of what the keys report; undefined if no key reports it. */
function total(keys, field) {
  const values = keys.flatMap((key) => (key[field] === undefined ? [] : [key[field]]));
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}
