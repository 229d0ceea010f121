import type { TeamIds } from '../slack-client.ts';
import { channelOf, threadOf } from './conversation.ts';
import { isRecord, recordOf } from './json-record.ts';

/** The facts that queues, logs and workers need about a payload. Facts that the payload does not state are absent. */
export interface EnvelopeFacts {
  /** `app_mention`, `message`, `block_actions`, `view_submission`, `slash_command`, …; at most 128 characters. */
  readonly kind?: string | undefined;
  /** The app that received the payload. */
  readonly appId?: string | undefined;
  /** `event_id`, which stays the same when Slack sends an event again. */
  readonly eventId?: string | undefined;
  readonly triggerId?: string | undefined;
  /** The id of its channel, which determines the order of events. */
  readonly channel?: string | undefined;
  /** The thread that an answer belongs to. */
  readonly threadTs?: string | undefined;
  /** The workspace whose token handles it. */
  readonly team: TeamIds;
}

/** Extracts the facts of a payload over any transport: an event's envelope, an interaction or the form of a command. */
export function describeEnvelope(payload: Readonly<Record<string, unknown>>): EnvelopeFacts {
  const event = isRecord(payload['event']) ? payload['event'] : payload;
  return {
    kind: kindOf(payload),
    appId: identity(payload['api_app_id']),
    eventId: identity(payload['event_id']),
    triggerId: identity(payload['trigger_id']),
    channel: channelOf(event),
    threadTs: threadOf(event),
    team: teamOf(payload),
  };
}

/**
 * Returns the identity of a payload: `<app id>:<event_id>`, otherwise `<app id>:<trigger_id>`, because two apps may
 * have equal event ids. Undefined if the payload has neither id.
 *
 * @param signerAppId - the app whose secret signed it, for a payload that does not name one
 */
export function messageIdOf({ appId, eventId, triggerId }: EnvelopeFacts, signerAppId?: string): string | undefined {
  const id = eventId ?? triggerId;
  const app = appId ?? signerAppId;
  return id === undefined || app === undefined ? id : identity(`${app}:${id}`);
}

/**
 * Returns the kind of a payload, or undefined if it does not state one. The kind of an event is the type of its inner
 * event.
 */
export function kindOf(payload: Readonly<Record<string, unknown>>): string | undefined {
  const { type, event } = payload;
  if (type === 'event_callback' || event !== undefined) return label(recordOf(event)['type']);
  return label(type) ?? (typeof payload['command'] === 'string' ? 'slash_command' : undefined);
}

/** Prefers the installation that can see the event: in a shared channel, the event may come from another workspace. */
function teamOf(payload: Readonly<Record<string, unknown>>): TeamIds {
  const { authorizations, team } = payload;
  const [installation] = Array.isArray(authorizations) ? authorizations : [];
  const { team_id, enterprise_id } = recordOf(installation);
  return {
    teamId: identity(team_id) ?? identity(payload['team_id']) ?? identity(recordOf(team)['id']),
    enterpriseId:
      identity(enterprise_id) ?? identity(payload['enterprise_id']) ?? identity(recordOf(payload['enterprise'])['id']),
  };
}

/** Returns a value that a queue accepts as an id. */
function identity(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.isWellFormed() && Buffer.byteLength(value) <= 255
    ? value
    : undefined;
}

/** Returns a value that headers and logs accept as a name. */
function label(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 128).toWellFormed() : undefined;
}
