export { actedAs } from './acted-as.ts';
export { createClientsByTeam } from './clients-by-team.ts';
export { createSlackPort, type SlackPortOptions } from './create-slack-port.ts';
export { Deadline } from './deadline.ts';
export type { DownloadedFile } from './download-file.ts';
export { createProxyFetch } from './egress/proxy-fetch.ts';
export type { ProxySettings } from './egress/proxy-settings.ts';
export { createSlackEgress, type SlackEgress, type SlackEgressOptions } from './egress/slack-egress.ts';
export { SLACK_API_URL } from './egress/slack-hosts.ts';
export type { SlackAction, SlackActionType, SlackOption } from './envelope/action.ts';
export { type Conversation, channelOf, conversationOf, isChannelId } from './envelope/conversation.ts';
export { describeEnvelope, type EnvelopeFacts, kindOf, messageIdOf } from './envelope/describe-envelope.ts';
export type {
  GlobalShortcut,
  MessageShortcut,
  SlackInteraction,
  SlackOptionsRequest,
  SlackShortcut,
  SlackView,
  SlackViewInput,
} from './envelope/interaction.ts';
export { isRecord } from './envelope/json-record.ts';
export { type MessageFacts, messageFactsOf } from './envelope/message-facts.ts';
export { type Incoming, type IncomingAction, readPayload } from './envelope/read-payload.ts';
export type { AnyEvent, SlackEnvelope, SlashCommand } from './envelope/slack-envelope.ts';
export { type OpenSlackClientOptions, openSlackClient } from './open-slack-client.ts';
export { type PostResponseOptions, postResponse } from './post-response.ts';
export type { ResponseMessage } from './response-message.ts';
export { isPlaceholder } from './settings/placeholder.ts';
export { PROXY_VARS } from './settings/proxy-variables.ts';
export { readAppToken, readSlackSettings, type SlackSettings } from './settings/read-slack-settings.ts';
export { WORKSPACE_NAME } from './settings/read-workspaces.ts';
export type { SettingsSource } from './settings/token-variables.ts';
export { type AppVerdict, appOfSigners } from './signature/app-of-signers.ts';
export { type SignatureHeaders, signRequest } from './signature/sign-request.ts';
export {
  parseSigningSecret,
  resolveSigningSecrets,
  type SigningSecret,
  type SigningSecrets,
} from './signature/signing-secrets.ts';
export {
  type PreparedSecret,
  prepareSecrets,
  SIGNATURE_WINDOW_SECONDS,
  type SignatureFault,
  type SignatureVerdict,
  type SignedRequest,
  verifySignature,
} from './signature/verify-signature.ts';
export {
  clientOf,
  createSlackClient,
  type SlackCallParameters,
  type SlackClient,
  type SlackClientOptions,
  type TeamIds,
  typedCall,
} from './slack-client.ts';
export {
  isSlackError,
  SlackApiError,
  SlackCircuitOpenError,
  SlackError,
  type SlackErrorCode,
  SlackNetworkError,
  type SlackNetworkFailure,
  SlackRateLimitedError,
  SlackResponseError,
  SlackTokenMissingError,
} from './slack-error.ts';
export type { SlackAnswer, SlackArguments, SlackMethod } from './slack-methods.ts';
export { addSlackMetrics, type SlackObserver, type SlackOutcome } from './slack-observer.ts';
export type { OnSlackWait, SlackCallOptions, SlackHealth, SlackPort } from './slack-port.ts';
export type { TokenProvider, TokenSource, WorkspaceTokens } from './slack-tokens.ts';
export type { TokenKind } from './token-kind.ts';
export { readToken, TokenSourceError } from './token-source-error.ts';
export { type ActiveSpan, injectTrace, type TracedOptions, traced } from './tracing.ts';
export { unlessAborted } from './unless-aborted.ts';
export { isUnusableToken } from './unusable-token.ts';
export { wait } from './wait.ts';
export type { WorkerContext, WorkerModule } from './worker.ts';
