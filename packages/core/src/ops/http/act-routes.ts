import { assertGroupExists } from '../groups/assert-group-exists.ts';
import { setPaused } from '../groups/pause-group.ts';
import type { JobRequest } from '../jobs/job.ts';
import { AUDIT, JOB, JOB_REQUEST, JOBS, PAUSED } from './act-schemas.ts';
import { integer, object, text } from './json-schema.ts';
import type { OpsRoute } from './ops-route.ts';
import { GROUP } from './schemas.ts';

const JOB_ID = object({ id: text('The id of the job.', { minLength: 1, maxLength: 100 }) });
const GROUP_PARAM = object({ group: GROUP });

/** Jobs, pauses and the audit log. */
export const ACT_ROUTES: readonly OpsRoute[] = [
  {
    method: 'POST',
    path: '/ops/jobs',
    role: 'operate',
    summary: 'Starts a job that redrives or purges the dead letters of a group that match a filter.',
    body: JOB_REQUEST,
    status: 202,
    answer: JOB,
    errors: ['job_running', 'unknown_group'],
    handle: async (ops, { body, caller }) => {
      const request = body as unknown as JobRequest;
      if (request.keys === undefined) await assertGroupExists(ops, request.group);
      return ops.jobs.start(request, caller.name);
    },
  },
  {
    method: 'GET',
    path: '/ops/jobs',
    role: 'read',
    summary: 'Lists the jobs of this process, newest first.',
    answer: JOBS,
    errors: [],
    handle: (ops) => ({ jobs: ops.jobs.list() }),
  },
  {
    method: 'GET',
    path: '/ops/jobs/{id}',
    role: 'read',
    summary: 'Shows the progress of a job.',
    params: JOB_ID,
    answer: JOB,
    errors: ['unknown_job'],
    handle: (ops, { params }) => ops.jobs.get(params['id'] ?? ''),
  },
  {
    method: 'POST',
    path: '/ops/jobs/{id}/cancel',
    role: 'operate',
    summary: 'Cancels a job. Dead letters that it has redriven or purged already are not restored.',
    params: JOB_ID,
    answer: JOB,
    errors: ['unknown_job', 'job_ended'],
    handle: (ops, { params, caller }) => ops.jobs.cancel(params['id'] ?? '', caller.name),
  },
  ...(['pause', 'resume'] as const).map(
    (action): OpsRoute => ({
      method: 'POST',
      path: `/ops/groups/{group}/${action}`,
      role: 'operate',
      summary:
        action === 'pause'
          ? 'Pauses the consumers of a group in this process. Waits until no message is in flight.'
          : 'Resumes the consumers of a group in this process.',
      params: GROUP_PARAM,
      answer: PAUSED,
      errors: ['unknown_group', 'not_pausable'],
      handle: (ops, { params, caller }) =>
        setPaused(ops, { group: params['group'] ?? '', paused: action === 'pause', who: caller.name }),
    }),
  ),
  {
    method: 'GET',
    path: '/ops/audit',
    role: 'read',
    summary: 'Lists the latest actions of operators in this process. The log contains all actions, as `ops_act`.',
    query: object({}, { limit: integer('Maximum number of entries. Default 100.', { minimum: 1, maximum: 1_000 }) }),
    answer: AUDIT,
    errors: [],
    handle: (ops, { query }) => ({ entries: ops.audit.list(Number(query['limit'] ?? 100)) }),
  },
];
