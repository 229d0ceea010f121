import { createApi, readPaths } from './api.js';
import { DeadLettersView } from './dead-letters-view.js';
import { EventsView } from './events-view.js';
import { clock } from './format.js';
import { GroupsView } from './groups-view.js';
import { HealthView } from './health-view.js';
import { usePolled, useRoute } from './hooks.js';
import { html } from './html.js';
import { LiveView } from './live-view.js';
import { Login } from './login.js';
import { Badge, Failure } from './parts.js';
import { useEffect, useMemo, useRef, useState } from './vendor/hooks.js';

/** The browser forgets the key when the tab closes. */
const STORED_KEY = 'slack-mcp-ops-key';
const POLL_MS = 2_000;
/** Number of values in a sparkline: five minutes. */
const HISTORY = 150;

const VIEWS = [
  { name: 'groups', title: 'Groups', View: GroupsView },
  { name: 'dead-letters', title: 'Dead letters', View: DeadLettersView },
  { name: 'events', title: 'Events', View: EventsView },
  { name: 'live', title: 'Live', View: LiveView, needs: '/ops/live' },
  { name: 'health', title: 'Health', View: HealthView },
];

export function App() {
  const [key, setKey] = useState(() => sessionStorage.getItem(STORED_KEY) ?? undefined);
  const [refusal, setRefusal] = useState(undefined);

  function signIn(accepted) {
    sessionStorage.setItem(STORED_KEY, accepted);
    setRefusal(undefined);
    setKey(accepted);
  }
  function signOut(reason) {
    sessionStorage.removeItem(STORED_KEY);
    setRefusal(reason);
    setKey(undefined);
  }
  if (key === undefined) return html`<${Login} refusal=${refusal} onAccepted=${signIn} />`;
  return html`<${Console} apiKey=${key} onSignOut=${signOut} />`;
}

function Console({ apiKey, onSignOut }) {
  const api = useMemo(() => createApi(apiKey, { onUnauthorized: onSignOut }), [apiKey]);
  const { view, query } = useRoute(VIEWS.map(({ name }) => name));
  const paths = usePolled(readPaths, 0, []);
  const groups = usePolled(() => api.groups(), POLL_MS, [api]);
  const history = useHistory(groups.value);
  const [announcement, announce] = useState('');
  useAnnouncements(groups.value, announce);
  const heading = useFocusOnChange(view);

  const known = paths.value ?? new Set();
  const views = VIEWS.filter(({ needs }) => needs === undefined || known.has(needs));
  const { title, View } = VIEWS.find(({ name }) => name === view);
  return html`
    <a class="skip" href="#content" onClick=${(event) => skip(event, heading)}>Skip to the content</a>
    <header>
      <div class="bar">
        <h1>slack-mcp console</h1>
        ${groups.value && html`<p class="process">${groups.value.process} · ${groups.value.backend} <${Badge} status=${groups.value.status} /></p>`}
        <button type="button" class="quiet" onClick=${() => onSignOut()}>Forget the key</button>
      </div>
      <nav aria-label="Views">
        <ul>
          ${views.map(({ name, title: text }) => html`<li><a href="#${name}" aria-current=${name === view ? 'page' : undefined}>${text}</a></li>`)}
        </ul>
      </nav>
    </header>
    <main id="content">
      <div class="title">
        <h2 ref=${heading} tabindex="-1">${title}</h2>
        ${groups.at && html`<p class="updated">Updated ${clock(groups.at)}</p>`}
      </div>
      <${Failure} error=${groups.error} />
      <${View} api=${api} groups=${groups} history=${history} query=${query} paths=${known} announce=${announce} />
    </main>
    <p class="hidden" role="status" aria-live="polite">${announcement}</p>
  `;
}

function skip(event, heading) {
  event.preventDefault();
  heading.current?.focus();
}

/** The latest lags of each group. */
function useHistory(answer) {
  const history = useRef(new Map());
  useEffect(() => {
    for (const { group, keys } of answer?.groups ?? []) {
      const lags = keys.flatMap(({ lag }) => (lag === undefined ? [] : [lag]));
      if (lags.length === 0) continue;
      const total = lags.reduce((sum, lag) => sum + lag, 0);
      history.current.set(group, [...(history.current.get(group) ?? []), total].slice(-HISTORY));
    }
  }, [answer]);
  return history.current;
}

/** Announces what an operator must know. The numbers change too often for that. */
function useAnnouncements(answer, announce) {
  const before = useRef(undefined);
  useEffect(() => {
    const last = before.current;
    before.current = answer;
    if (last === undefined || answer === undefined) return;
    const news = last.status === answer.status ? [] : [`The backend is ${answer.status}.`];
    const letters = (groups) => new Map(groups.map(({ group, keys }) => [group, sum(keys)]));
    const earlier = letters(last.groups);
    for (const [group, now] of letters(answer.groups)) {
      const more = now - (earlier.get(group) ?? 0);
      if (more > 0) news.push(`Group ${group}: ${more} more dead ${more === 1 ? 'letter' : 'letters'}.`);
    }
    if (news.length > 0) announce(news.join(' '));
  }, [answer]);
}

const sum = (keys) => keys.reduce((total, { deadLetters = 0 }) => total + deadLetters, 0);

/** Moves the focus to the heading of a view that the user opens, so that a screen reader reads it. */
function useFocusOnChange(view) {
  const heading = useRef(null);
  const shown = useRef(view);
  useEffect(() => {
    if (shown.current !== view) heading.current?.focus();
    shown.current = view;
  }, [view]);
  return heading;
}
