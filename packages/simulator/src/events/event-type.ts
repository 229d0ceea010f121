import type { AppRateLimitedEvent, SlackEvent } from '@slack/types';

/** All event types of `@slack/types`, except `app_rate_limited`, which is an outer object and not an event. */
export type EventType = Exclude<SlackEvent, AppRateLimitedEvent>['type'];
