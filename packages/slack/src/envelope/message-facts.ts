import { isRecord, recordOf } from './json-record.ts';

/** Who wrote a message, and what happened to it. */
export interface MessageFacts {
  /**
   * `us`: the app that received the event. `person`: a member, also with a file, with `/me`, or from a thread to the
   * channel. `bot`: another app. `slack`: Slack itself, for example that a member joined.
   */
  readonly author: 'us' | 'person' | 'bot' | 'slack';
  /**
   * `posted`: it is new. `edited`: its author changed it. `touched`: it says what it said before, but a reply, a preview
   * of a link or a pin changed what belongs to it. `deleted`: it is gone.
   */
  readonly change: 'posted' | 'edited' | 'touched' | 'deleted';
  /** The bot that wrote it, where the message names nothing else that tells whose bot that is. */
  readonly unknownBotId?: string;
}

/** Subtypes of what people write. The app's own messages have none, too: their `bot_id` tells them apart. */
const BY_PEOPLE: ReadonlySet<unknown> = new Set([undefined, '', 'file_share', 'thread_broadcast', 'me_message']);

/**
 * Reads off the envelope of a `message` or `app_mention` who wrote the message and what happened to it; undefined for
 * everything else. Slack sends `message_changed` for replies and previews too, and sends the app what it wrote itself.
 */
export function messageFactsOf(envelope: Readonly<Record<string, unknown>>): MessageFacts | undefined {
  const event = recordOf(envelope['event']);
  if (event['type'] !== 'message' && event['type'] !== 'app_mention') return undefined;
  const message = subjectOf(event);
  const author = authorOf(message, envelope);
  const botId = message['bot_id'];
  const isUnknown = author === 'bot' && typeof botId === 'string' && appOf(message) === undefined;
  return { author, change: changeOf(event, message), ...(isUnknown && { unknownBotId: botId }) };
}

/** The message that an event is about. */
function subjectOf(event: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  switch (event['subtype']) {
    case 'message_changed':
    case 'message_replied':
      // Of a deleted parent only a tombstone is left, and that is Slack's.
      return isTombstone(event['message']) ? recordOf(event['previous_message']) : recordOf(event['message']);
    case 'message_deleted':
      return recordOf(event['previous_message']);
    default:
      return event;
  }
}

function authorOf(
  message: Readonly<Record<string, unknown>>,
  { api_app_id: appId, authorizations }: Readonly<Record<string, unknown>>,
): MessageFacts['author'] {
  const { user, subtype, bot_id: botId } = message;
  if (appOf(message) !== undefined && appOf(message) === appId) return 'us';
  const bots = Array.isArray(authorizations) ? authorizations.filter(isRecord) : [];
  if (typeof user === 'string' && bots.some(({ is_bot, user_id }) => is_bot === true && user_id === user)) return 'us';
  if (subtype === 'bot_message' || (typeof botId === 'string' && botId !== '')) return 'bot';
  return BY_PEOPLE.has(subtype) ? 'person' : 'slack';
}

function appOf({ app_id, bot_profile }: Readonly<Record<string, unknown>>): string | undefined {
  return [app_id, recordOf(bot_profile)['app_id']].find(
    (value): value is string => typeof value === 'string' && value !== '',
  );
}

function changeOf(
  event: Readonly<Record<string, unknown>>,
  message: Readonly<Record<string, unknown>>,
): MessageFacts['change'] {
  switch (event['subtype']) {
    case 'message_deleted':
      return 'deleted';
    case 'message_replied':
      return 'touched';
    case 'message_changed': {
      if (isTombstone(event['message'])) return 'deleted';
      const edit = editOf(message);
      return edit !== undefined && edit !== editOf(recordOf(event['previous_message'])) ? 'edited' : 'touched';
    }
    default:
      return editOf(message) === undefined ? 'posted' : 'edited';
  }
}

/** When a message was last edited. */
function editOf({ edited }: Readonly<Record<string, unknown>>): unknown {
  return isRecord(edited) ? (edited['ts'] ?? true) : undefined;
}

function isTombstone(message: unknown): boolean {
  return isRecord(message) && message['subtype'] === 'tombstone';
}
