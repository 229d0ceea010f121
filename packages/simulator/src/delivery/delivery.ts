import type { JsonObject } from '../json.ts';
import type { CutOffPoint } from './post.ts';
import type { RetryReason } from './retry-policy.ts';

/** One attempt to send a request to the app. */
export interface DeliveryAttempt {
  /** 0 for the first attempt, then the value of `x-slack-retry-num`. */
  readonly retryNum: number;
  /** The value of `x-slack-retry-reason`: why the previous attempt failed. */
  readonly retryReason: RetryReason | undefined;
  /** When the attempt began, in milliseconds since the epoch of real time. */
  readonly at: number;
  /** Real milliseconds until the response or the failure. */
  readonly latencyMs: number;
  /** HTTP status, if the app responded. */
  readonly status: number | undefined;
  /** Why the attempt failed; undefined if the app accepted the request. */
  readonly failure: RetryReason | undefined;
  /** Where the simulator cut the connection, if it did. */
  readonly cutOff: CutOffPoint | undefined;
}

/** The state of one event's delivery. */
export interface Delivery {
  /** The id of the delivery; an outer object such as `app_rate_limited` has no event id. */
  readonly id: string;
  readonly eventId: string | undefined;
  /** The type of the inner event, or of the outer object if there is no inner event. */
  readonly type: string;
  /** The body to post. */
  readonly body: JsonObject;
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly attempts: readonly DeliveryAttempt[];
}
