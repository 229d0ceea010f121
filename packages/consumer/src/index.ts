export type { Worker, WorkerContext, WorkerModule } from '@slack-mcp/core';
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
export type { HandlerContext, InteractionContext } from './handler-context.ts';
export type { SlackHandlers } from './handlers.ts';
export type {
  GlobalShortcut,
  MessageShortcut,
  SlackAction,
  SlackInteraction,
  SlackOptionsRequest,
  SlackShortcut,
  SlackView,
  SlackViewInput,
} from './interaction.ts';
export { HandlerInterruptedError } from './interruption.ts';
export { type LoggingOptions, logging } from './logging.ts';
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
export { createSlackClient, SlackApiError, type SlackClientOptions } from './slack-client.ts';
export type { SlackEnvelope, SlashCommand } from './slack-payload.ts';
export { type HandleTrace, tracing } from './tracing.ts';
