import type { HandlerContext } from './handler-context.ts';

/**
 * Whether a message was written by the app itself. Slack sends the app's own messages to it without a subtype.
 * A message that names its bot alone is not recognised: `on('message', …)` and `ignoreMessages()` ask Slack for those.
 */
export function isFromUs({ message }: Pick<HandlerContext, 'message'>): boolean {
  return message?.author === 'us';
}

/** Whether a message was written by a person: `file_share`, `thread_broadcast` and `me_message` are people's, too. */
export function isFromPerson({ message }: Pick<HandlerContext, 'message'>): boolean {
  return message?.author === 'person';
}

/** Whether a message or mention is there because it was edited: it may have been handled before. */
export function isEdited({ message }: Pick<HandlerContext, 'message'>): boolean {
  return message?.change === 'edited';
}
