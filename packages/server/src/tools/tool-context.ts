import type { Logger } from '@slack-mcp/core';
import type { Progress } from './call-reports.ts';
import type { NameSource, UserSource } from './directory/name-source.ts';
import type { ChannelGate } from './gates/channel-gate.ts';
import type { GatedSlack } from './gates/gated-slack.ts';
import type { Posting } from './gates/posting.ts';

/** What a tool may use while it runs. */
export interface ToolContext {
  readonly slack: GatedSlack;
  /** Gives the ids of channels that the tool may use. There is no other way to one. */
  readonly channels: ChannelGate;
  readonly users: UserSource;
  /** The workspace's own. */
  readonly emoji: NameSource;
  /** How texts are posted. */
  readonly posting: Posting;
  readonly signal: AbortSignal;
  /** Reports to the caller how far the call has come. For work of several calls to Slack. */
  readonly progress: Progress;
  /** Never given arguments, texts or tokens. */
  readonly logger: Logger;
}
