import type { AppRateLimitedEvent, SlackEvent } from '@slack/types';

/** Every event type of `@slack/types` (`app_rate_limited` is an outer object, not an event). */
export type EventType = Exclude<SlackEvent, AppRateLimitedEvent>['type'];
