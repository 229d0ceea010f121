import { randomBytes } from 'node:crypto';
import type { SlackEvent } from '@slack/types';
import type { JsonObject } from '../json.ts';
import { isJsonObject } from '../json.ts';
import { SIMULATOR_IDS } from './simulator-ids.ts';

/** The fields of an envelope around an event. All fields have defaults. */
export interface EnvelopeOptions {
  /** The event id; default: a random id. Slack sends the same id again only for retries. */
  eventId?: string;
  /** Seconds since the epoch; default now. */
  eventTime?: number;
  teamId?: string;
  appId?: string;
  /** The bot user for which the event is authorized. */
  botUserId?: string;
  /** The deprecated verification token. */
  verificationToken?: string;
  isExtSharedChannel?: boolean;
}

/** The outer JSON object that the Events API posts. */
export interface EventEnvelope<E = SlackEvent> {
  token: string;
  team_id: string;
  context_team_id: string;
  context_enterprise_id: string | null;
  api_app_id: string;
  event: E;
  type: 'event_callback';
  event_id: string;
  event_time: number;
  authorizations: {
    enterprise_id: string | null;
    team_id: string;
    user_id: string;
    is_bot: boolean;
    is_enterprise_install: boolean;
  }[];
  is_ext_shared_channel: boolean;
  event_context: string;
}

/** Wraps an event in the `event_callback` envelope. */
export function buildEnvelope<E extends object = SlackEvent>(
  event: E,
  options: EnvelopeOptions = {},
): EventEnvelope<E> {
  const teamId = options.teamId ?? SIMULATOR_IDS.team;
  const appId = options.appId ?? SIMULATOR_IDS.app;
  const userId = options.botUserId ?? SIMULATOR_IDS.botUser;
  return {
    token: options.verificationToken ?? SIMULATOR_IDS.verificationToken,
    team_id: teamId,
    context_team_id: teamId,
    context_enterprise_id: null,
    api_app_id: appId,
    event,
    type: 'event_callback',
    event_id: options.eventId ?? `Ev${randomBytes(6).toString('hex').toUpperCase().slice(0, 11)}`,
    event_time: options.eventTime ?? Math.floor(Date.now() / 1000),
    authorizations: [
      { enterprise_id: null, team_id: teamId, user_id: userId, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: options.isExtSharedChannel ?? false,
    event_context: eventContext(event as JsonObject, teamId, appId),
  };
}

/**
 * Builds the outer object that Slack sends instead of events when a workspace causes more than 30,000 events in an
 * hour.
 */
export function buildAppRateLimited(options: EnvelopeOptions = {}): JsonObject {
  const now = options.eventTime ?? Math.floor(Date.now() / 1000);
  return {
    token: options.verificationToken ?? SIMULATOR_IDS.verificationToken,
    type: 'app_rate_limited',
    team_id: options.teamId ?? SIMULATOR_IDS.team,
    minute_rate_limited: now - (now % 60),
    api_app_id: options.appId ?? SIMULATOR_IDS.app,
  };
}

function eventContext(event: JsonObject, teamId: string, appId: string): string {
  const item = isJsonObject(event.item) ? event.item.channel : undefined;
  const context = { et: event.type, tid: teamId, aid: appId, cid: event.channel ?? item };
  return `4-${Buffer.from(JSON.stringify(context)).toString('base64url')}`;
}
