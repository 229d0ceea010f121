import { readHealth } from './api.js';
import { duration } from './format.js';
import { usePolled } from './hooks.js';
import { html } from './html.js';
import { Badge, Failure } from './parts.js';

const POLL_MS = 5_000;

/** The components of the process. */
export function HealthView({ groups }) {
  const { value, error, at } = usePolled(readHealth, POLL_MS, []);
  if (at === undefined && error === undefined) return html`<p>Loading…</p>`;
  if (value === undefined && error === undefined) {
    return html`
      <p>The backend ${groups.value?.backend} is <${Badge} status=${groups.value?.status ?? 'unknown'} />.</p>
      <p class="note">This port does not serve <code>/health</code>. The process serves it on its main port.</p>
    `;
  }
  return html`
    <${Failure} error=${error} />
    ${
      value &&
      html`
      <p>The process is <${Badge} status=${value.status} />.</p>
      <ul class="components">
        ${Object.entries(value.components).map(([name, health]) => html`<${Component} key=${name} name=${name} health=${health} />`)}
      </ul>
    `
    }
  `;
}

function Component({ name, health: { status, latencyMs, detail = {} } }) {
  const facts = Object.entries(detail).filter(([, value]) => typeof value !== 'object' || value === null);
  const rows = [...(latencyMs === undefined ? [] : [['latency', duration(latencyMs)]]), ...facts];
  return html`
    <li>
      <h3>${name} <${Badge} status=${status} /></h3>
      ${rows.length > 0 && html`<dl>${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${String(value)}</dd></div>`)}</dl>`}
    </li>
  `;
}
