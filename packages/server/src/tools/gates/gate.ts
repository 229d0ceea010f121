import {
  allows,
  type ChannelFacts,
  type ChannelPattern,
  type ChannelRules,
  concerns,
  denies,
  isUser,
  needFacts,
} from './channel-rules.ts';

/** The access to channels shared with other organizations. */
export type ExternalChannels = 'allow' | 'read' | 'deny';

/** The operator's rules. */
export interface GateRules {
  readonly readOnly: boolean;
  readonly read: ChannelRules;
  readonly write: ChannelRules;
  readonly external: ExternalChannels;
}

/** A channel and its intended use. */
export interface GateRequest {
  readonly writes: boolean;
  readonly channel: ChannelFacts;
}

/** The setting that forbids the use of a channel, and the reason. */
export interface Refusal {
  readonly setting: string;
  readonly message: string;
}

/**
 * Decides whether a channel may be used. Returns undefined if the use is allowed. The result depends only on the
 * arguments.
 */
export function gate(rules: GateRules, { writes, channel }: GateRequest): Refusal | undefined {
  if (rules.readOnly && writes) return refusal('SLACK_MCP_READ_ONLY', 'makes this server read-only');
  return gateChannel(rules, writes, channel);
}

/**
 * Decides whether a call that can reach any channel may be made. The rules for reading also apply to a call that
 * writes, because its answer may show the content of a channel.
 */
export function gateAnywhere(rules: GateRules, writes: boolean): Refusal | undefined {
  if (rules.readOnly && writes) return refusal('SLACK_MCP_READ_ONLY', 'makes this server read-only');
  const why = 'and this call could reach a channel that it denies';
  if (isRestricted(rules.read)) return refusal('SLACK_MCP_READ_CHANNELS', `is set, ${why}`);
  if (writes && isRestricted(rules.write)) return refusal('SLACK_MCP_WRITE_CHANNELS', `is set, ${why}`);
  const isOpen = rules.external === 'allow' || (rules.external === 'read' && !writes);
  return isOpen ? undefined : refusal('SLACK_MCP_EXTERNAL_CHANNELS', `is ${rules.external}, ${why}`);
}

function isRestricted({ allow, deny }: ChannelRules): boolean {
  return deny.length > 0 || (allow.length > 0 && !allow.some(({ kind, team }) => kind === 'all' && team === undefined));
}

function gateChannel(rules: GateRules, writes: boolean, channel: ChannelFacts): Refusal | undefined {
  const setting = writes ? 'SLACK_MCP_WRITE_CHANNELS' : 'SLACK_MCP_READ_CHANNELS';
  const act = writes ? 'writing to' : 'reading';
  const { allow, deny } = writes ? rules.write : rules.read;
  const shown = channel.name === undefined ? channel.id : `#${channel.name} (${channel.id})`;

  if (!channel.direct && channel.name === undefined && needFacts({ allow, deny }, channel.id)) {
    return refusal(setting, `has channel names, but Slack does not return the name of ${shown}`);
  }
  if (deny.some((pattern) => denies(pattern, channel) || mayMeanUser(pattern, channel))) {
    return refusal(setting, `denies ${act} ${shown}`);
  }
  if (allow.length > 0 && !allow.some((pattern) => allows(pattern, channel))) {
    const allowed = allow.filter((pattern) => concerns(pattern, channel)).map(({ text }) => text);
    const what = allowed.slice(0, 20).join(', ') || 'no channel in this workspace';
    return refusal(setting, `does not allow ${act} ${shown}; it allows ${what}`);
  }
  // A channel that is not known to be internal counts as external.
  const refusesExternal = rules.external === 'deny' || (rules.external === 'read' && writes);
  if (refusesExternal && channel.external !== false) {
    return refusal(
      'SLACK_MCP_EXTERNAL_CHANNELS',
      isUser(channel) ? `${BY_USER} (${shown})` : `denies ${act} ${shown}, which is shared with other organizations`,
    );
  }
  return undefined;
}

const BY_USER =
  'needs the id of the direct message (like D0123456789) instead of the user, who may belong to another organization';

/**
 * Whether a rule may deny the direct messages with a user. The ID of this conversation (`D…`) is unknown, so any rule
 * that denies such an ID may deny it.
 */
function mayMeanUser(pattern: ChannelPattern, channel: ChannelFacts): boolean {
  const { kind, text } = pattern;
  return concerns(pattern, channel) && isUser(channel) && kind !== 'name' && text.startsWith('D');
}

function refusal(setting: string, what: string): Refusal {
  return { setting, message: `${setting} ${what}.` };
}
