import { parseChannelRules } from './channel-rules.ts';
import type { ExternalChannels, GateRules } from './gate.ts';

/** What the operator allows tools to do with channels. */
export interface GateOptions {
  /** Blocks all writes. Default: `false`. */
  readonly readOnly?: boolean;
  /**
   * Channels that may be read: names, IDs, `@dm` or `*`. A leading `!` denies a channel; a prefix such as `acme/`
   * limits the entry to one workspace. Default: all channels.
   */
  readonly readChannels?: readonly string[];
  /** Channels that may be written to, in the format of `readChannels`. Default: all channels. */
  readonly writeChannels?: readonly string[];
  /** The access to channels shared with other organizations. Default: `allow`. */
  readonly externalChannels?: ExternalChannels;
}

/**
 * Parses the operator's channel settings.
 *
 * @param teams - the names of the workspaces, if the server uses several workspaces
 * @throws ConfigurationError - an entry is not a valid channel
 */
export function resolveGateRules(options: GateOptions, teams: readonly string[] = []): GateRules {
  const { readOnly = false, readChannels = [], writeChannels = [], externalChannels = 'allow' } = options;
  return {
    readOnly,
    read: parseChannelRules('SLACK_MCP_READ_CHANNELS', readChannels, teams),
    write: parseChannelRules('SLACK_MCP_WRITE_CHANNELS', writeChannels, teams),
    external: externalChannels,
  };
}
