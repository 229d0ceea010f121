import { count, number } from './format.js';
import { useAction } from './hooks.js';
import { html } from './html.js';
import { Badge, Button, Dialog, Failure } from './parts.js';
import { useEffect, useState } from './vendor/hooks.js';

const POLL_MS = 500;
const VERBS = { redrive: ['Redrive', 'redriven'], purge: ['Purge', 'purged'] };

/**
 * Redrives or purges dead letters in two steps: a dry run counts them, then the user confirms that number, which caps
 * the job. The job goes on if the dialog is closed.
 */
export function JobDialog({ action, group, filter, title, api, announce, onClose }) {
  const [rate, setRate] = useState('');
  const [cap, setCap] = useState('');
  const dryRun = useJob(api);
  const job = useJob(api);
  const [verb, past] = VERBS[action];
  const matched = dryRun.ended ? dryRun.job.matched : undefined;

  const limits = () => ({ ...(rate && { ratePerSecond: Number(rate) }), ...(cap && { cap: Number(cap) }) });
  const begin = useAction(async () => dryRun.start({ action, group, filter, ...limits(), dryRun: true }));
  const confirm = useAction(async () => job.start({ action, group, filter, ...limits(), cap: matched }));
  const stop = useAction(async () => job.cancel());

  function submit(event) {
    event.preventDefault();
    void begin.run();
  }

  useEffect(() => {
    if (dryRun.ended) announce(`The dry run found ${count(dryRun.job.matched, 'dead letter')}.`);
  }, [dryRun.ended]);
  useEffect(() => {
    if (job.ended) announce(`The job ${job.job.status}: ${count(job.job.done, 'dead letter')} ${past}.`);
  }, [job.ended]);

  return html`
    <${Dialog} title="${verb} dead letters" onClose=${onClose}>
      <p>Group <strong>${group}</strong>, error <strong>${title}</strong></p>
      ${
        job.job === undefined &&
        html`
        <form class="search" method="post" onSubmit=${submit}>
          <div>
            <label for="job-rate">Rate per second</label>
            <input id="job-rate" type="number" min="1" max="100000" placeholder="no limit" value=${rate} onInput=${(event) => setRate(event.target.value)} />
          </div>
          <div>
            <label for="job-cap">At most</label>
            <input id="job-cap" type="number" min="1" placeholder="no limit" value=${cap} onInput=${(event) => setCap(event.target.value)} />
          </div>
          <button type="submit" class=${matched === undefined ? 'primary' : ''} aria-disabled=${begin.busy ? 'true' : undefined}>Dry run</button>
        </form>
        <${Failure} error=${begin.error ?? dryRun.error ?? confirm.error} />
        ${dryRun.job && html`<${Progress} job=${dryRun.job} label="Dry run" past="found" done=${dryRun.job.matched} />`}
        ${
          matched !== undefined &&
          matched > 0 &&
          html`
          <div class="actions">
            <${Button} kind=${action === 'purge' ? 'danger' : 'primary'} busy=${confirm.busy} onClick=${confirm.run}>
              ${verb} ${count(matched, 'dead letter')}${action === 'purge' ? ' for good' : ''}
            <//>
          </div>
        `
        }
      `
      }
      ${
        job.job &&
        html`
        <${Progress} job=${job.job} label=${verb} past=${past} done=${job.job.done} max=${matched} />
        <${Failure} error=${job.error ?? stop.error} />
        ${!job.ended && html`<div class="actions"><${Button} busy=${stop.busy} onClick=${stop.run}>Cancel the job<//></div>`}
      `
      }
    <//>
  `;
}

function Progress({ job, label, past, done, max }) {
  const failure = job.error ? ` ${job.error.message}` : '';
  return html`
    <p>
      ${label} <${Badge} status=${job.status} />
      ${` ${number(done)}${max === undefined ? '' : ` of ${number(max)}`} ${past}, ${number(job.scanned)} read.${failure}`}
    </p>
    ${job.status === 'running' && html`<progress aria-label=${label} max=${max || undefined} value=${max ? done : undefined}></progress>`}
  `;
}

/** A job that this dialog starts, and its progress until it ends. */
function useJob(api) {
  const [job, setJob] = useState(undefined);
  const [error, setError] = useState(undefined);
  const running = job?.status === 'running';
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => api.job(job.id).then(setJob, setError), POLL_MS);
    return () => clearInterval(timer);
  }, [running, job?.id]);
  return {
    job,
    error,
    ended: job !== undefined && !running,
    start: async (request) => setJob(await api.startJob(request)),
    cancel: async () => setJob(await api.cancelJob(job.id)),
  };
}
