import type { JsonObject } from '../json.ts';

/** A call in another service, registered by an app. */
export interface RegisteredCall {
  readonly id: string;
  readonly external_unique_id: string;
  readonly external_display_id?: string | undefined;
  readonly date_start: number;
  join_url: string;
  desktop_app_join_url?: string | undefined;
  title?: string | undefined;
  /** The participants, each with `slack_id`, or with `external_id` and `display_name`. */
  users: JsonObject[];
  hasEnded: boolean;
}
