/** A payload from Slack over any transport. The declared fields are the fields of an Events API envelope. */
export interface SlackEnvelope {
  readonly type?: string;
  readonly team_id?: string;
  readonly enterprise_id?: string | null;
  readonly api_app_id?: string;
  /** The id of the event: unique for each event of an app, and unchanged when Slack sends the event again. */
  readonly event_id?: string;
  /** Seconds since the epoch. */
  readonly event_time?: number;
  readonly [field: string]: unknown;
}

/** An inner event whose type is not known yet. */
export interface AnyEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The fields of a slash command's form. All fields are strings. */
export interface SlashCommand {
  /** Includes the slash: `/deploy`. */
  readonly command: string;
  /** The text after the command, which may be empty. */
  readonly text: string;
  readonly user_id: string;
  readonly user_name: string;
  readonly channel_id: string;
  /** The name of the channel, which is `directmessage` in a direct message and `privategroup` in a private channel. */
  readonly channel_name: string;
  readonly team_id: string;
  readonly team_domain: string;
  readonly enterprise_id?: string;
  readonly enterprise_name?: string;
  readonly api_app_id: string;
  /** `true` if the app is installed for a whole organization. */
  readonly is_enterprise_install: 'true' | 'false';
  readonly trigger_id: string;
  readonly response_url: string;
  /** Slack has deprecated this token: verify the signature instead. */
  readonly token?: string;
}
