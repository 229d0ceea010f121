import type { TeamIds } from '../slack-client.ts';
import { channelOf, threadOf } from './conversation.ts';
import { isRecord, recordOf } from './json-record.ts';

/** What a queue, a log and a worker need to know of something that Slack sent. Absent is what it does not say. */
export interface EnvelopeFacts {
  /** `app_mention`, `message`, `block_actions`, `view_submission`, `slash_command`, …; at most 128 characters. */
  readonly kind?: string | undefined;
  /** The app that it was sent to. */
  readonly appId?: string | undefined;
  /** `event_id`: the same when Slack sends an event again. */
  readonly eventId?: string | undefined;
  readonly triggerId?: string | undefined;
  /** The channel that it happened in, by its id: what keeps the order of events. */
  readonly channel?: string | undefined;
  /** The thread that an answer belongs to. */
  readonly threadTs?: string | undefined;
  /** The workspace whose token serves it. */
  readonly team: TeamIds;
}

/** Reads the facts off a payload, whatever brought it: an event's envelope, an interaction or the form of a command. */
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
 * The identity of something that Slack sent: `<app id>:<event_id>`, else `<app id>:<trigger_id>`, since two apps may
 * have equal ids of events. Undefined where it has neither id.
 *
 * @param signerAppId - the app whose secret signed it, where the payload does not name one
 */
export function messageIdOf({ appId, eventId, triggerId }: EnvelopeFacts, signerAppId?: string): string | undefined {
  const id = eventId ?? triggerId;
  const app = appId ?? signerAppId;
  return id === undefined || app === undefined ? id : identity(`${app}:${id}`);
}

/** What a payload is; undefined when it does not say. An event by the type of the inner event. */
export function kindOf(payload: Readonly<Record<string, unknown>>): string | undefined {
  const { type, event } = payload;
  if (type === 'event_callback' || event !== undefined) return label(recordOf(event)['type']);
  return label(type) ?? (typeof payload['command'] === 'string' ? 'slash_command' : undefined);
}

/** The installation that an event is visible to comes first: in a shared channel it may come from another workspace. */
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

/** What a queue takes as an id. */
function identity(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.isWellFormed() && Buffer.byteLength(value) <= 255
    ? value
    : undefined;
}

/** What headers and logs take as a name. */
function label(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 128).toWellFormed() : undefined;
}
