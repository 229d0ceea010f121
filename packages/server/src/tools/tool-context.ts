import type { Logger } from '@slack-mcp/core';
import type { AnswerFormat } from './answers/answer-format.ts';
import type { Progress } from './call-reports.ts';
import type { AskPerson } from './confirm.ts';
import type { NameSource, UserGroupSource, UserSource } from './directory/name-source.ts';
import type { ChannelGate, ChannelUse } from './gates/channel-gate.ts';
import type { GatedSlack } from './gates/gated-slack.ts';
import type { Posting } from './gates/posting.ts';

/** What a tool can use while it runs. */
export interface ToolContext {
  readonly slack: GatedSlack;
  /** Provides the IDs of channels that the tool may use. A tool cannot get a channel ID in any other way. */
  readonly channels: ChannelGate;
  /** Returns the gate for another use of channels. Some tools read or write, depending on their arguments. */
  channelsFor(use: ChannelUse): ChannelGate;
  readonly users: UserSource;
  readonly userGroups: UserGroupSource;
  /** The workspace's custom emoji. */
  readonly emoji: NameSource;
  /** The settings for posting texts. */
  readonly posting: Posting;
  /** Folders on the server's disk from which files may be uploaded. */
  readonly uploadFolders: readonly string[];
  /** Asks the person who uses the client; absent if the client does not support questions. */
  readonly ask?: AskPerson | undefined;
  /** The form of the answer. Use it to find out how much fits into one answer. */
  readonly format: AnswerFormat;
  readonly signal: AbortSignal;
  /** Reports the progress of the call to the caller. Use `progress` in tools that call Slack several times. */
  readonly progress: Progress;
  /** The logger. Never log arguments, texts or tokens. */
  readonly logger: Logger;
}
