import { ConfigurationError } from '@slack-mcp/core';
import type { Toolset } from '../define-tool.ts';
import { parseChannelRules } from './channel-rules.ts';
import type { ExternalChannels, GateRules } from './gate.ts';

/** Toolsets that are on without being asked for. */
export const DEFAULT_TOOLSETS: readonly Toolset[] = ['messages', 'reactions', 'emoji'];

/** What an operator allows. */
export interface GateOptions {
  /** Leaves out everything that writes. Default `false`. */
  readonly readOnly?: boolean;
  /** Toolsets besides the default ones, or `all`. */
  readonly toolsets?: readonly string[];
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
 * @param known - the toolsets that there are
 * @param teams - the names of the workspaces, where they have names
 * @throws ConfigurationError for a toolset that does not exist, or an entry that is no channel
 */
export function resolveGateRules(
  options: GateOptions,
  known: Iterable<Toolset>,
  teams: readonly string[] = [],
): GateRules {
  const {
    readOnly = false,
    toolsets = [],
    readChannels = [],
    writeChannels = [],
    externalChannels = 'allow',
  } = options;
  const existing = new Set<string>(known);
  for (const name of toolsets) {
    if (name === 'all' || existing.has(name)) continue;
    throw new ConfigurationError(
      `SLACK_MCP_TOOLSETS: no toolset is named ${JSON.stringify(name.slice(0, 60))}; known: all, ${[...existing].join(', ')} (for example SLACK_MCP_TOOLSETS=all)`,
    );
  }
  const wanted = toolsets.includes('all') ? existing : [...DEFAULT_TOOLSETS, ...toolsets];
  return {
    readOnly,
    toolsets: new Set(wanted) as ReadonlySet<Toolset>,
    read: parseChannelRules('SLACK_MCP_READ_CHANNELS', readChannels, teams),
    write: parseChannelRules('SLACK_MCP_WRITE_CHANNELS', writeChannels, teams),
    external: externalChannels,
  };
}
