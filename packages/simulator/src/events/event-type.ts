import type { AppRateLimitedEvent, SlackEvent } from '@slack/types';

/** Every event type that `@slack/types` knows (`app_rate_limited` is no event but an outer object). */
export type EventType = Exclude<SlackEvent, AppRateLimitedEvent>['type'];
