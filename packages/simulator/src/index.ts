export { connectSimulator } from './control/connect-simulator.ts';
export { createSimulator } from './create-simulator.ts';
export type { CutOffPredicate } from './delivery/cut-offs.ts';
export type { Delivery, DeliveryAttempt } from './delivery/delivery.ts';
export type { CutOffPoint } from './delivery/post.ts';
export type { RetryReason } from './delivery/retry-policy.ts';
export {
  buildAppRateLimited,
  buildEnvelope,
  type EnvelopeOptions,
  type EventEnvelope,
} from './events/build-envelope.ts';
export { type BuiltEvent, buildEvent, type EventOf } from './events/build-event.ts';
export type { EventType } from './events/event-type.ts';
export { type SignatureHeaders, type SignRequestOptions, signRequest } from './events/sign-request.ts';
export { SIMULATOR_IDS } from './events/simulator-ids.ts';
export type { BlockActionOptions, SlashCommandOptions } from './interaction-options.ts';
export type { InteractionOutcome, ResponseUrlPost } from './interactions.ts';
export type { Simulator } from './simulator.ts';
export type {
  Caused,
  ChannelState,
  PostedMessage,
  SimulatorControl,
  WorkspaceState,
} from './simulator-control.ts';
export { DEFAULT_SCOPES, type SimulatorOptions } from './simulator-options.ts';
export { SlackApiError } from './slack-api-error.ts';
export type { SlackBehavior } from './slack-behavior.ts';
export type { ConnectionTrouble, DisconnectReason } from './socket-mode/socket-mode-server.ts';
export type { WebApiCall } from './web-api/web-api.ts';
export type { MessageContent } from './workspace/message-content.ts';
export type { Bot, Channel, ChannelType, EphemeralMessage, Message, Reaction, Team, User } from './workspace/model.ts';
export type { ChannelSeed, MessageSeed, UserSeed, WorkspaceSeed } from './workspace/seed.ts';
export type { Workspace } from './workspace/workspace.ts';
