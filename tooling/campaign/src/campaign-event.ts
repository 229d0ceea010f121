import type { JsonObject } from '@slack-mcp/core';

/** The keys of a campaign: every subscription reads both. */
export const campaignKeys = ['campaign_events', 'campaign_events.rare'] as const;

/** An event for publishing. */
export interface CampaignEvent {
  readonly key: string;
  readonly messageId: string;
  readonly payload: JsonObject;
}

/** Creates the event with a number: about half a kilobyte, in Slack's format. One in eight uses the second key. */
export function campaignEvent(event: number): CampaignEvent {
  const messageId = `Ev${event}`;
  const channel = `C${(event % 97).toString().padStart(8, '0')}`;
  return {
    key: event % 8 === 7 ? campaignKeys[1] : campaignKeys[0],
    messageId,
    payload: {
      token: 'none',
      team_id: 'T00000001',
      api_app_id: 'A00000001',
      event: {
        type: 'message',
        channel,
        user: `U${(event % 31).toString().padStart(8, '0')}`,
        text: `Event ${event}: ${'“ünïcödé” 🚀 '.repeat(1 + (event % 12))}`,
        ts: `1700000000.${event.toString().padStart(6, '0')}`,
        event_ts: `1700000000.${event.toString().padStart(6, '0')}`,
        channel_type: 'channel',
      },
      type: 'event_callback',
      event_id: messageId,
      event_time: 1_700_000_000 + event,
      authorizations: [{ team_id: 'T00000001', user_id: 'U00000000', is_bot: true }],
      is_ext_shared_channel: false,
    },
  };
}

/** The number of a message, or -1 if it differs from every message that a campaign publishes. */
export function eventNumber(message: { key: string; messageId: string; payload: JsonObject }): number {
  const digits = /^Ev(\d+)$/.exec(message.messageId)?.[1];
  if (digits === undefined) return -1;
  const event = Number(digits);
  const published = campaignEvent(event);
  const same = message.key === published.key && JSON.stringify(message.payload) === JSON.stringify(published.payload);
  return same ? event : -1;
}
