import type { JsonObject } from '../json.ts';
import type { CutOffPoint } from './post.ts';
import type { RetryReason } from './retry-policy.ts';

/** One attempt to send a request to the app. */
export interface DeliveryAttempt {
  /** The value of `x-slack-retry-num`; 0 for the first attempt. */
  readonly retryNum: number;
  /** The value of `x-slack-retry-reason`, which says why the previous attempt failed. */
  readonly retryReason: RetryReason | undefined;
  /** The real time at which the attempt began, in milliseconds since the epoch. */
  readonly at: number;
  /** The time until the response or the failure, in milliseconds of real time. */
  readonly latencyMs: number;
  /** HTTP status, if the app responded. */
  readonly status: number | undefined;
  /** Why the attempt failed; undefined if the app accepted the request. */
  readonly failure: RetryReason | undefined;
  /** Where the simulator cut off the connection; undefined if the connection was not cut off. */
  readonly cutOff: CutOffPoint | undefined;
}

/** An event that is being delivered to the app, with all attempts so far. */
export interface Delivery {
  /**
   * The id of the delivery. Deliveries have their own id, because an outer object such as `app_rate_limited` has no
   * event id.
   */
  readonly id: string;
  readonly eventId: string | undefined;
  /** The type of the inner event, or of the outer object if there is no inner event. */
  readonly type: string;
  /** The JSON body that is posted to the app. */
  readonly body: JsonObject;
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly attempts: readonly DeliveryAttempt[];
}
