import { dateTime, duration, preciseClock } from './format.js';
import { usePolled } from './hooks.js';
import { html } from './html.js';
import { Button, Failure, Time } from './parts.js';

const FIELDS = [
  { name: 'id', label: 'Event or message id' },
  { name: 'type', label: 'Type' },
  { name: 'channel', label: 'Channel' },
];

const STEPS = {
  received: 'Received from Slack',
  stored: 'Stored in the queue',
  spooled: 'Written to the disk of the server',
  duplicate: 'Dropped as a duplicate',
  collapsed: 'Dropped, because the mention is in the queue',
  not_stored: 'Not stored: Slack sends it again',
  attempt: 'Attempt started',
  handled: 'Handled',
  retry: 'Failed, will be repeated',
  dead_lettered: 'Parked as a dead letter',
  handed_back: 'Handed back',
  redriven: 'Redriven',
  purged: 'Purged',
};

const KINDS = {
  handled: 'good',
  dead_lettered: 'bad',
  not_stored: 'bad',
  retry: 'warn',
  handed_back: 'warn',
  purged: 'bad',
};

/** The name of a step. */
export const stepName = (step) => STEPS[step] ?? step;
/** The kind of a step: good, warn, bad or nothing. */
export const stepKind = (step) => KINDS[step] ?? '';

/** Finds events, and shows the timeline of each. The search is in the address, so that a link leads to an event. */
export function EventsView({ api, query, announce }) {
  const search = JSON.stringify(query);
  const { value, error, refresh } = usePolled(() => api.events({ ...query, limit: 50 }), 0, [api, search]);

  function submit(event) {
    event.preventDefault();
    const fields = [...new FormData(event.target)].map(([name, text]) => [name, text.trim()]);
    const hash = `#events?${new URLSearchParams(fields.filter(([, text]) => text !== ''))}`;
    if (location.hash === hash) void refresh();
    location.hash = hash;
    announce('Searching.');
  }
  return html`
    <form class="search" role="search" method="post" onSubmit=${submit}>
      ${FIELDS.map(
        ({ name, label }) => html`
          <div>
            <label for="find-${name}">${label}</label>
            <input id="find-${name}" name=${name} value=${query[name] ?? ''} autocomplete="off" spellcheck=${false} />
          </div>
        `,
      )}
      <button type="submit" class="primary">Find</button>
      <${Button} onClick=${refresh}>Refresh<//>
    </form>
    <${Failure} error=${error} />
    ${value && html`<${Found} answer=${value} />`}
  `;
}

function Found({ answer: { events, process } }) {
  return html`
    <p class="note" role="status">
      ${events.length === 0 ? `This ${process} has seen no such event, or has forgotten it.` : `${events.length} ${events.length === 1 ? 'event' : 'events'}, the newest first.`}
      ${process === 'server' ? ' The server sees the reception; a worker in another process sees the attempts.' : ' A worker sees attempts; the server sees the reception.'}
    </p>
    <div class="events">${events.map((event) => html`<${Event} key=${event.messageId} event=${event} />`)}</div>
  `;
}

function Event({ event }) {
  const { messageId, eventId, key, type, channel, entries, dropped } = event;
  const steps = inOrder(entries);
  const [first] = steps;
  const facts = [
    ['Message', messageId],
    ['Key', key],
    ['Type', type],
    ['Channel', channel],
  ].filter(([, text]) => text !== undefined);
  return html`
    <article>
      <h3>${eventId ?? messageId}</h3>
      <dl class="inline">${facts.map(([term, text]) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>
      ${first && html`<p class="note">Since ${dateTime(first.at)}</p>`}
      <ol class="timeline">
        ${steps.map((entry) => html`<${Entry} entry=${entry} since=${first.at} />`)}
      </ol>
      ${dropped > 0 && html`<p class="note">${dropped} steps were dropped, because the event had too many.</p>`}
    </article>
  `;
}

/** A worker in the same process can start an attempt in the millisecond in which the queue stores the event. */
const FIRST_STEPS = ['received', 'stored'];

function inOrder(entries) {
  const rank = ({ step }) => (FIRST_STEPS.includes(step) ? FIRST_STEPS.indexOf(step) : FIRST_STEPS.length);
  return entries.toSorted((one, other) => one.at - other.at || rank(one) - rank(other));
}

function Entry({ entry, since }) {
  const { step, at, group, attempt, durationMs, delayMs, error, code } = entry;
  const facts = [
    group,
    attempt !== undefined && `attempt ${attempt}`,
    durationMs !== undefined && `took ${duration(durationMs)}`,
    delayMs !== undefined && `next in ${duration(delayMs)}`,
    error,
    code,
  ].filter(Boolean);
  return html`
    <li class=${stepKind(step)}>
      <strong>${stepName(step)}</strong>
      <span class="facts">${facts.join(' · ')}</span>
      <${Time} at=${at} text=${at === since ? preciseClock(at) : `+ ${duration(at - since)}`} />
    </li>
  `;
}
