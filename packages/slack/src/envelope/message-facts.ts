import { isRecord, recordOf } from './json-record.ts';

/** Who wrote a message, and what happened to it. */
export interface MessageFacts {
  /**
   * The author of the message: the app that received the event (`us`), a member (`person`), another app (`bot`), or
   * Slack itself, for example when a member joins (`slack`).
   */
  readonly author: 'us' | 'person' | 'bot' | 'slack';
  /**
   * The change of the message: it is new (`posted`), its author changed it (`edited`), a reply, a link preview or a pin
   * changed fields other than the text (`touched`), or it was deleted (`deleted`).
   */
  readonly change: 'posted' | 'edited' | 'touched' | 'deleted';
  /** The id of the bot that wrote the message, if no other field identifies the bot's app. */
  readonly unknownBotId?: string;
}

/** Subtypes of messages from people. The app's own messages have no subtype either, but they have a `bot_id`. */
const BY_PEOPLE: ReadonlySet<unknown> = new Set([undefined, '', 'file_share', 'thread_broadcast', 'me_message']);

/**
 * Determines who wrote the message of a `message` or `app_mention` event and what happened to it. Returns undefined for
 * all other events. Slack also sends `message_changed` for replies and link previews, and sends an app its own
 * messages.
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

/** Returns the message that an event is about. */
function subjectOf(event: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  switch (event['subtype']) {
    case 'message_changed':
    case 'message_replied':
      // A deleted parent leaves only a tombstone, which belongs to Slack.
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

/** Returns the time of the last edit of a message. */
function editOf({ edited }: Readonly<Record<string, unknown>>): unknown {
  return isRecord(edited) ? (edited['ts'] ?? true) : undefined;
}

function isTombstone(message: unknown): boolean {
  return isRecord(message) && message['subtype'] === 'tombstone';
}
