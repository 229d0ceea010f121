import type { JsonObject } from '../contract/json.ts';

/** The HTTP status and the meaning of an error code of the operations API. */
export interface OpsErrorCodeInfo {
  readonly status: number;
  readonly meaning: string;
}

/** An error code of the operations API. */
export type OpsErrorCode =
  | 'bad_request'
  | 'insufficient_role'
  | 'job_ended'
  | 'job_running'
  | 'not_pausable'
  | 'queue_unavailable'
  | 'too_many_streams'
  | 'unauthorized'
  | 'unknown_dead_letter'
  | 'unknown_event'
  | 'unknown_group'
  | 'unknown_job';

/** Every error code of the operations API, for the documentation. */
export const OPS_ERRORS: Readonly<Record<OpsErrorCode, OpsErrorCodeInfo>> = {
  bad_request: { status: 400, meaning: 'A parameter or the body is not valid. The message names the field.' },
  insufficient_role: { status: 403, meaning: 'The key may only read. Actions and payloads need the role `operate`.' },
  job_ended: { status: 409, meaning: 'The job has ended and cannot be cancelled.' },
  job_running: { status: 409, meaning: 'Another job of the group is running. `details.job` contains its id.' },
  not_pausable: {
    status: 409,
    meaning: 'The process has no consumer of the group. Send the request to a worker of the group.',
  },
  queue_unavailable: { status: 503, meaning: 'The broker does not answer. Try again.' },
  too_many_streams: { status: 429, meaning: 'Too many clients read live events. Close a stream, then try again.' },
  unauthorized: { status: 401, meaning: 'The request has no valid key in `Authorization: Bearer`.' },
  unknown_dead_letter: { status: 404, meaning: 'The group has no such dead letter.' },
  unknown_event: { status: 404, meaning: 'The process has not seen the event, or has forgotten it.' },
  unknown_group: {
    status: 404,
    meaning: 'The group is not known and has no dead letters. `details.groups` lists the known groups.',
  },
  unknown_job: { status: 404, meaning: 'There is no such job, or the process has forgotten it.' },
};

/** A request that the operations API refuses. */
export class OpsError extends Error {
  readonly code: OpsErrorCode;
  readonly statusCode: number;
  readonly details: JsonObject;

  constructor(code: OpsErrorCode, message: string, details: JsonObject = {}) {
    super(message);
    this.name = 'OpsError';
    this.code = code;
    this.statusCode = OPS_ERRORS[code].status;
    this.details = details;
  }
}
