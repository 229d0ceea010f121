import { DeadLetterList } from './dead-letter-list.js';
import { count, dateTime, number } from './format.js';
import { usePolled } from './hooks.js';
import { html } from './html.js';
import { JobDialog } from './job-dialog.js';
import { JobsTable } from './jobs-table.js';
import { Button, Failure, Time } from './parts.js';
import { useState } from './vendor/hooks.js';

const POLL_MS = 10_000;

/** The dead letters of a group by error, with what an operator can do about them. */
export function DeadLettersView({ api, groups, query, paths, announce }) {
  const names = groups.value?.groups.map(({ group }) => group) ?? [];
  const group = names.includes(query.group) ? query.group : names[0];
  if (groups.value === undefined) return html`<p>Loading…</p>`;
  if (group === undefined) return html`<p class="empty">There are no groups yet.</p>`;
  return html`
    <div class="search">
      <div>
        <label for="group">Group</label>
        <select id="group" value=${group} onChange=${(event) => choose(event.target.value)}>
          ${names.map((name) => html`<option value=${name} selected=${name === group}>${name}</option>`)}
        </select>
      </div>
    </div>
    <${Errors} key=${group} group=${group} api=${api} paths=${paths} announce=${announce} refreshGroups=${groups.refresh} />
  `;
}

function choose(group) {
  location.hash = `#dead-letters?group=${encodeURIComponent(group)}`;
}

function Errors({ group, api, paths, announce, refreshGroups }) {
  const { value, error, refresh } = usePolled(() => api.errors(group), POLL_MS, [api, group]);
  const [shown, setShown] = useState(undefined);
  const [act, setAct] = useState(undefined);
  // Counts the dialogs that were closed, because a job may have changed the list.
  const [version, setVersion] = useState(0);
  const canAct = paths.has('/ops/jobs');
  const errors = value?.errors ?? [];

  function closeDialog() {
    setAct(undefined);
    setVersion(version + 1);
    void refresh();
    void refreshGroups();
  }
  return html`
    <${Failure} error=${error} />
    ${value && html`<p class="note">${value.truncated ? `The oldest ${number(value.scanned)} dead letters` : count(value.scanned, 'dead letter')} in ${count(errors.length, 'error')}.</p>`}
    ${
      errors.length > 0 &&
      html`
      <table class="cards" role="table" aria-label="Dead letters by error">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">Error</th>
            <th role="columnheader" scope="col" class="number">Count</th>
            <th role="columnheader" scope="col">Oldest</th>
            <th role="columnheader" scope="col">Newest</th>
            <th role="columnheader" scope="col">Actions</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${errors.map((item) => html`<${ErrorRow} key=${idOf(item)} item=${item} shown=${shown} onShow=${setShown} onAct=${canAct && setAct} />`)}
        </tbody>
      </table>
    `
    }
    ${shown && html`<${DeadLetterList} key=${`${version} ${idOf(shown)}`} group=${group} filter=${filterOf(shown)} title=${titleOf(shown)} api=${api} />`}
    ${canAct && html`<${JobsTable} api=${api} group=${group} announce=${announce} />`}
    ${act && html`<${JobDialog} action=${act.action} group=${group} filter=${filterOf(act.item)} title=${titleOf(act.item)} api=${api} announce=${announce} onClose=${closeDialog} />`}
  `;
}

function ErrorRow({ item, shown, onShow, onAct }) {
  const open = shown !== undefined && idOf(shown) === idOf(item);
  const about = titleOf(item);
  return html`
    <tr role="row">
      <th role="rowheader" scope="row">
        ${item.error ?? 'No error'} ${item.code && html`<code>${item.code}</code>`}
        <span class="message">${item.message}</span>
      </th>
      <td role="cell" data-label="Count" class="number">${number(item.count)}</td>
      <td role="cell" data-label="Oldest"><${Time} at=${item.oldest} text=${dateTime(item.oldest)} /></td>
      <td role="cell" data-label="Newest"><${Time} at=${item.newest} text=${dateTime(item.newest)} /></td>
      <td role="cell" class="actions">
        <${Button} aria-expanded=${open ? 'true' : 'false'} aria-label="Show the dead letters of ${about}" onClick=${() => onShow(open ? undefined : item)}>
          ${open ? 'Hide' : 'Show'}
        <//>
        ${
          onAct &&
          html`
          <${Button} aria-label="Redrive ${about}" onClick=${() => onAct({ action: 'redrive', item })}>Redrive…<//>
          <${Button} kind="danger" aria-label="Purge ${about}" onClick=${() => onAct({ action: 'purge', item })}>Purge…<//>
        `
        }
      </td>
    </tr>
  `;
}

const idOf = ({ code, error, message }) => JSON.stringify([code, error, message]);
const titleOf = ({ error, message }) => [error, message].filter(Boolean).join(': ') || 'dead letters without an error';

/** Selects exactly the dead letters of a row: an empty text selects those without a code, a name or a message. */
function filterOf({ code = '', error = '', message }) {
  return { code, error, message };
}
