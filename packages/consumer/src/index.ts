export type { Worker } from '@slack-mcp/core';
export {
  actedAs,
  createClientsByTeam,
  createSlackClient,
  type GlobalShortcut,
  type MessageShortcut,
  type ResponseMessage,
  type SlackAction,
  type SlackAnswer,
  SlackApiError,
  type SlackArguments,
  SlackCircuitOpenError,
  type SlackClient,
  type SlackClientOptions,
  type SlackEnvelope,
  SlackError,
  type SlackInteraction,
  type SlackMethod,
  SlackNetworkError,
  type SlackOptionsRequest,
  SlackRateLimitedError,
  SlackResponseError,
  type SlackShortcut,
  SlackTokenMissingError,
  type SlackView,
  type SlackViewInput,
  type SlashCommand,
  type WorkerContext,
  type WorkerModule,
} from '@slack-mcp/slack';
export type { Middleware } from './compose.ts';
export type { Consumer } from './consumer.ts';
export { createConsumer } from './create-consumer.ts';
export { type DeduplicateOptions, deduplicate } from './deduplicate.ts';
export type {
  CustomEvents,
  EventMap,
  EventName,
  EventOf,
  MessageAliases,
  MessageName,
  MessageOf,
  MessageSubtype,
} from './event-types.ts';
export type { HandlerContext, InteractionContext, SayMessage } from './handler-context.ts';
export type { SlackHandlers } from './handlers.ts';
export { type IgnoreMessagesOptions, ignoreMessages } from './ignore-messages.ts';
export { HandlerInterruptedError } from './interruption.ts';
export { type LoggingOptions, logging } from './logging.ts';
export { isEdited, isFromPerson, isFromUs } from './message-authors.ts';
export { NonRetryableError } from './non-retryable-error.ts';
export type { ConsumerOptions } from './options.ts';
export type { RetryOptions } from './retry-policy.ts';
export type {
  ActionHandler,
  CommandHandler,
  ContextHandler,
  EventHandler,
  MessageFilter,
  OptionsHandler,
  ShortcutHandler,
  ViewFilter,
  ViewHandler,
} from './router.ts';
export { type HandleTrace, tracing } from './tracing.ts';
