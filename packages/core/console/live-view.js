import { readEventStream } from './api.js';
import { stepKind, stepName } from './events-view.js';
import { duration, preciseClock } from './format.js';
import { html } from './html.js';
import { Button, Failure, Time } from './parts.js';
import { useEffect, useState } from './vendor/hooks.js';

/** Number of steps that stay on the page. */
const MAX_STEPS = 100;

/** The steps of events as they happen, the newest first. */
export function LiveView({ api, announce }) {
  const [running, setRunning] = useState(true);
  const [steps, setSteps] = useState([]);
  const [error, setError] = useState(undefined);

  useEffect(() => {
    if (!running) return undefined;
    const abort = new AbortController();
    read(abort.signal).catch((failure) => {
      if (abort.signal.aborted) return;
      setError(failure);
      setRunning(false);
    });
    return () => abort.abort();
  }, [running, api]);

  async function read(signal) {
    setError(undefined);
    let id = 0;
    for await (const { name, data } of readEventStream(await api.live(signal))) {
      id += 1;
      const row = { ...(name === 'dropped' ? { missing: data.count } : data), row: `${Date.now()}-${id}` };
      setSteps((before) => [row, ...before].slice(0, MAX_STEPS));
    }
    setRunning(false);
  }
  function toggle() {
    setRunning(!running);
    announce(running ? 'Live events are stopped.' : 'Live events are running.');
  }
  return html`
    <div class="actions">
      <${Button} kind="primary" onClick=${toggle}>${running ? 'Stop' : 'Start'}<//>
      <${Button} onClick=${() => setSteps([])}>Clear<//>
    </div>
    <${Failure} error=${error} />
    ${steps.length === 0 && html`<p class="empty">${running ? 'Waiting for events.' : 'Stopped.'}</p>`}
    ${steps.length > 0 && html`<${Steps} steps=${steps} />`}
  `;
}

function Steps({ steps }) {
  return html`
    <table class="cards dense" role="table" aria-label="The latest steps">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">Time</th>
          <th role="columnheader" scope="col">Step</th>
          <th role="columnheader" scope="col">Event</th>
          <th role="columnheader" scope="col">Type</th>
          <th role="columnheader" scope="col">Channel</th>
          <th role="columnheader" scope="col">Group</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${steps.map((step) => html`<${Step} key=${step.row} ...${step} />`)}
      </tbody>
    </table>
  `;
}

function Step({ missing, entry, eventId, messageId, type, channel }) {
  if (missing !== undefined) {
    const what = missing === 1 ? '1 step is' : `${missing} steps are`;
    return html`<tr role="row"><td role="cell" colspan="6">${what} missing, because more arrived than this page could read.</td></tr>`;
  }
  return html`
    <tr role="row">
      <td role="cell" data-label="Time"><${Time} at=${entry.at} text=${preciseClock(entry.at)} /></td>
      <td role="cell" data-label="Step" class="step ${stepKind(entry.step)}">
        <span>${stepName(entry.step)}${entry.durationMs === undefined ? '' : `, ${duration(entry.durationMs)}`}</span>
      </td>
      <td role="cell" data-label="Event"><a href="#events?id=${encodeURIComponent(eventId ?? messageId)}">${eventId ?? messageId}</a></td>
      <td role="cell" data-label="Type">${type ?? '–'}</td>
      <td role="cell" data-label="Channel">${channel ?? '–'}</td>
      <td role="cell" data-label="Group">${entry.group ?? '–'}</td>
    </tr>
  `;
}
