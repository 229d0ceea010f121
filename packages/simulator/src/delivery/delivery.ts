import type { JsonObject } from '../json.ts';
import type { CutOffPoint } from './post.ts';
import type { RetryReason } from './retry-policy.ts';

/** One attempt to hand a request to the app. */
export interface DeliveryAttempt {
  /** 0 for the first attempt, then the number in `x-slack-retry-num`. */
  readonly retryNum: number;
  /** The `x-slack-retry-reason` sent with it: why the attempt before had failed. */
  readonly retryReason: RetryReason | undefined;
  /** When it began, in milliseconds since the epoch of real time. */
  readonly at: number;
  /** Real milliseconds until the answer or the failure. */
  readonly latencyMs: number;
  /** HTTP status, if the app answered. */
  readonly status: number | undefined;
  /** Why it failed; undefined if the app took it. */
  readonly failure: RetryReason | undefined;
  /** Where the simulator itself cut the connection, if it did. */
  readonly cutOff: CutOffPoint | undefined;
}

/** What became of one event. */
export interface Delivery {
  /** The delivery's own id; an outer object such as `app_rate_limited` has no event id. */
  readonly id: string;
  readonly eventId: string | undefined;
  /** The inner event's type, or the outer one where there is no inner event. */
  readonly type: string;
  /** What is posted. */
  readonly body: JsonObject;
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly attempts: readonly DeliveryAttempt[];
}
