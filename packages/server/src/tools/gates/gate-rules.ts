import { parseChannelRules } from './channel-rules.ts';
import type { ExternalChannels, GateRules } from './gate.ts';

/** What an operator allows to be done with channels. */
export interface GateOptions {
  /** Lets nothing be written. Default `false`. */
  readonly readOnly?: boolean;
  /** Channels that may be read: names, ids, `@dm`, `*`, each with `!` before it to deny it, `team/` for one workspace. Default: all. */
  readonly readChannels?: readonly string[];
  /** Channels that may be written to, in the same way. Default: all. */
  readonly writeChannels?: readonly string[];
  /** What may be done with channels shared with other organizations. Default `allow`. */
  readonly externalChannels?: ExternalChannels;
}

/**
 * Checks what an operator allows.
 *
 * @param teams - the names of the workspaces, where they have names
 * @throws ConfigurationError for an entry that is not a valid channel
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
