import type { HandlerContext } from './handler-context.ts';

/**
 * Whether the app itself wrote a message. Slack sends an app its own messages without a subtype. Returns false for a
 * message that contains only a bot id; `on('message', …)` and `ignoreMessages()` also recognize such a message, because
 * they call `auth.test`.
 */
export function isFromUs({ message }: Pick<HandlerContext, 'message'>): boolean {
  return message?.author === 'us';
}

/**
 * Whether a person wrote a message. Includes messages with the subtypes `file_share`, `thread_broadcast` and
 * `me_message`.
 */
export function isFromPerson({ message }: Pick<HandlerContext, 'message'>): boolean {
  return message?.author === 'person';
}

/** Whether a message or mention arrived because it was edited. The earlier text may already have been handled. */
export function isEdited({ message }: Pick<HandlerContext, 'message'>): boolean {
  return message?.change === 'edited';
}
