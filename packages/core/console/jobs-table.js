import { dateTime, number } from './format.js';
import { useAction, usePolled } from './hooks.js';
import { html } from './html.js';
import { Badge, Button, Failure, Time } from './parts.js';

const POLL_MS = 2_000;

/** The jobs of a group in this process, the newest first. */
export function JobsTable({ api, group, announce }) {
  const { value, refresh } = usePolled(() => api.jobs(), POLL_MS, [api]);
  const jobs = (value?.jobs ?? []).filter((job) => job.group === group);
  if (jobs.length === 0) return null;
  return html`
    <section aria-labelledby="jobs">
      <h3 id="jobs">Jobs</h3>
      <table class="cards" role="table" aria-labelledby="jobs">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">Job</th>
            <th role="columnheader" scope="col">State</th>
            <th role="columnheader" scope="col" class="number">Matched</th>
            <th role="columnheader" scope="col" class="number">Done</th>
            <th role="columnheader" scope="col">Started</th>
            <th role="columnheader" scope="col">By</th>
            <th role="columnheader" scope="col">Actions</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${jobs.map((job) => html`<${Job} key=${job.id} job=${job} api=${api} refresh=${refresh} announce=${announce} />`)}
        </tbody>
      </table>
    </section>
  `;
}

function Job({ job, api, refresh, announce }) {
  const { id, action, dryRun, status, matched, done, startedAt, startedBy } = job;
  const { run, busy, error } = useAction(async () => {
    await api.cancelJob(id);
    announce('The job is cancelled.');
    await refresh();
  });
  return html`
    <tr role="row">
      <th role="rowheader" scope="row">${action}${dryRun ? ', dry run' : ''}</th>
      <td role="cell" data-label="State"><${Badge} status=${status} /></td>
      <td role="cell" data-label="Matched" class="number">${number(matched)}</td>
      <td role="cell" data-label="Done" class="number">${number(done)}</td>
      <td role="cell" data-label="Started"><${Time} at=${startedAt} text=${dateTime(startedAt)} /></td>
      <td role="cell" data-label="By">${startedBy}</td>
      <td role="cell" class="actions">
        ${status === 'running' ? html`<${Button} busy=${busy} aria-label="Cancel the ${action} of ${startedAt}" onClick=${run}>Cancel<//>` : null}
        <${Failure} error=${error} />
      </td>
    </tr>
  `;
}
