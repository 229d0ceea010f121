import type { TeamIds } from '../slack-client.ts';
import { channelOf, threadOf } from './conversation.ts';
import { isRecord, recordOf } from './json-record.ts';

/** The facts about a payload that queues, logs and workers need. A fact that the payload does not state is absent. */
export interface EnvelopeFacts {
  /**
   * The kind of payload, for example `app_mention`, `block_actions` or `slash_command`, with at most 128 characters.
   */
  readonly kind?: string | undefined;
  /** The app that received the payload. */
  readonly appId?: string | undefined;
  /** Slack's `event_id`, which stays the same when Slack sends an event again. */
  readonly eventId?: string | undefined;
  readonly triggerId?: string | undefined;
  /** The id of the channel. Events of one channel are kept in order. */
  readonly channel?: string | undefined;
  /** The thread in which to post an answer. */
  readonly threadTs?: string | undefined;
  /** The workspace whose token is needed to post an answer. */
  readonly team: TeamIds;
}

/** Extracts the facts of a payload, which can be an event's envelope, an interaction or the form of a command. */
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
 * Returns the identity of a payload: `<app id>:<event_id>` or `<app id>:<trigger_id>`. It includes the app id because
 * events of two apps may have the same event id. Returns undefined if the payload has neither id.
 *
 * @param signerAppId - the app whose secret signed the payload, for a payload that names no app
 */
export function messageIdOf({ appId, eventId, triggerId }: EnvelopeFacts, signerAppId?: string): string | undefined {
  const id = eventId ?? triggerId;
  const app = appId ?? signerAppId;
  return id === undefined || app === undefined ? id : identity(`${app}:${id}`);
}

/**
 * Returns the kind of a payload, or undefined if the payload states no kind. The kind of an event is the type of its
 * inner event.
 */
export function kindOf(payload: Readonly<Record<string, unknown>>): string | undefined {
  const { type, event } = payload;
  if (type === 'event_callback' || event !== undefined) return label(recordOf(event)['type']);
  return label(type) ?? (typeof payload['command'] === 'string' ? 'slash_command' : undefined);
}

/**
 * Returns the workspace of a payload. Prefers the installation that can see the event, because an event of a shared
 * channel may come from another workspace.
 */
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

/** Returns a value if it is a valid message id, otherwise undefined. */
function identity(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.isWellFormed() && Buffer.byteLength(value) <= 255
    ? value
    : undefined;
}

/** Shortens a value to a name that headers and logs accept. */
function label(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 128).toWellFormed() : undefined;
}
