import { dateTime, number } from './format.js';
import { useAction, usePolled } from './hooks.js';
import { html } from './html.js';
import { Button, Dialog, Failure, Time } from './parts.js';
import { useState } from './vendor/hooks.js';

const PAGE = 50;

/** The dead letters with one error, the oldest first. */
export function DeadLetterList({ group, filter, title, api }) {
  const [cursors, setCursors] = useState([undefined]);
  const cursor = cursors.at(-1);
  const load = () => api.deadLetters({ group, ...filter, limit: PAGE, cursor });
  const { value, error } = usePolled(load, 0, [api, group, JSON.stringify(filter), cursor]);
  const [opened, setOpened] = useState(undefined);
  return html`
    <section aria-labelledby="letters">
      <h3 id="letters">${title}</h3>
      <${Failure} error=${error} />
      ${
        value &&
        html`
        <table class="cards" role="table" aria-labelledby="letters">
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" scope="col">Event</th>
              <th role="columnheader" scope="col">Type</th>
              <th role="columnheader" scope="col">Channel</th>
              <th role="columnheader" scope="col">Parked</th>
              <th role="columnheader" scope="col" class="number">Failures</th>
              <th role="columnheader" scope="col">Actions</th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            ${value.items.map((letter) => html`<${Letter} key=${letter.id} letter=${letter} onOpen=${setOpened} />`)}
          </tbody>
        </table>
        <div class="actions">
          ${cursors.length > 1 && html`<${Button} onClick=${() => setCursors(cursors.slice(0, -1))}>Previous page<//>`}
          ${value.cursor && html`<${Button} onClick=${() => setCursors([...cursors, value.cursor])}>Next page<//>`}
        </div>
      `
      }
      ${opened && html`<${LetterDialog} letter=${opened} group=${group} api=${api} onClose=${() => setOpened(undefined)} />`}
    </section>
  `;
}

function Letter({ letter, onOpen }) {
  const { id, eventId, messageId, type, channel, deadLetteredAt, retryCount } = letter;
  const event = eventId ?? messageId;
  return html`
    <tr role="row">
      <td role="cell" data-label="Event"><a href="#events?id=${encodeURIComponent(event)}">${event}</a></td>
      <td role="cell" data-label="Type">${type ?? '–'}</td>
      <td role="cell" data-label="Channel">${channel ?? '–'}</td>
      <td role="cell" data-label="Parked"><${Time} at=${deadLetteredAt} text=${dateTime(deadLetteredAt)} /></td>
      <td role="cell" data-label="Failures" class="number">${number(retryCount)}</td>
      <td role="cell" class="actions"><${Button} aria-label="Payload of ${event}" onClick=${() => onOpen({ id, event })}>Payload<//></td>
    </tr>
  `;
}

/** The payload of a dead letter. Its texts stay masked until an operator asks for them. */
function LetterDialog({ letter: { id, event }, group, api, onClose }) {
  const masked = usePolled(() => api.deadLetter(group, id, false), 0, [api, group, id]);
  const [whole, setWhole] = useState(undefined);
  const reveal = useAction(async () => setWhole(await api.deadLetter(group, id, true)));
  const shown = whole ?? masked.value;
  return html`
    <${Dialog} title="Dead letter of ${event}" onClose=${onClose}>
      <${Failure} error=${masked.error ?? reveal.error} />
      ${
        shown &&
        html`
        <p class="note">
          ${shown.masked ? 'Texts are masked. Showing them needs the role operate and is recorded in the audit log.' : 'Texts are shown. The audit log records it.'}
        </p>
        <pre tabindex="0" aria-label="Payload">${shown.payload === undefined ? 'The body is not JSON.' : JSON.stringify(shown.payload, null, 2)}</pre>
        <h3>Headers</h3>
        <dl>${Object.entries(shown.headers).map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>
        ${shown.masked && html`<div class="actions"><${Button} busy=${reveal.busy} onClick=${reveal.run}>Show the texts<//></div>`}
      `
      }
    <//>
  `;
}
