import { ConfigurationError } from '@slack-mcp/core';

/** The facts about a channel that rules can match. */
export interface ChannelFacts {
  readonly id: string;
  /** The name of the channel's workspace, if the server uses several workspaces. */
  readonly team?: string | undefined;
  /** The name without `#`; undefined for direct messages, and for a channel whose name Slack does not return. */
  readonly name?: string | undefined;
  /**
   * The channel's previous names, and Slack's normalized form of its name. A rule that denies one of the channel's
   * other names denies the channel.
   */
  readonly otherNames?: readonly string[] | undefined;
  /** Whether the channel is a direct message or a group direct message. */
  readonly direct: boolean;
  /** Whether people from other organizations are members of the channel. Undefined if unknown. */
  readonly external?: boolean | undefined;
}

/** Allowed and denied channels. If `allow` is empty, every channel that is not denied is allowed. */
export interface ChannelRules {
  readonly allow: readonly ChannelPattern[];
  readonly deny: readonly ChannelPattern[];
}

/** One entry of a channel list. */
export interface ChannelPattern {
  /** The text of the entry, without the leading `!` and the workspace. */
  readonly text: string;
  /** The workspace that the entry applies to; undefined if the entry applies to all workspaces. */
  readonly team?: string | undefined;
  readonly kind: 'all' | 'direct' | 'id' | 'name' | 'id or name';
}

/** The form of channel IDs, with at least nine characters. */
const ID = /^[CDG][A-Z0-9]{8,}$/;
/**
 * The prefix of newer channel IDs. A text that has the form of an ID but not this prefix may be an older ID, or the name
 * of a channel in capitals.
 */
const SURELY_ID = /^[CDG]0/;
const USER_ID = /^[UW][A-Z0-9]{8,}$/;
const OF_TEAM = /^([^/\s]+)\/(.*)$/;
/**
 * The form of channel names: letters of any script, digits, and the punctuation that Slack allows, but no quotes and no
 * brackets.
 */
const NAME = /^#?(?:[._-]|[^\s\p{C}\p{Pi}\p{Pf}\p{Ps}\p{Pe}\p{Sk}!-/:-@[-`{-~]){1,80}$/u;

/**
 * Parses a channel list. Entries are `#name`, `name`, an ID, `@dm` for direct messages, or `*` for all. A leading `!`
 * denies the channel; a prefix such as `acme/` limits the entry to one workspace.
 *
 * @param setting - the name of the setting, for error messages
 * @param teams - the names of the workspaces, if the server uses several workspaces
 * @throws ConfigurationError - an entry can never match a channel
 */
export function parseChannelRules(
  setting: string,
  entries: readonly string[],
  teams: readonly string[] = [],
): ChannelRules {
  const allow: ChannelPattern[] = [];
  const deny: ChannelPattern[] = [];
  for (const entry of entries) {
    const denied = entry.startsWith('!');
    const given = (denied ? entry.slice(1) : entry).trim();
    const [, team, text = given] = OF_TEAM.exec(given) ?? [];
    if (team !== undefined && !teams.includes(team.toLowerCase())) throw unknownTeam(setting, team, teams);
    (denied ? deny : allow).push({ text, team: team?.toLowerCase(), kind: kindOf(setting, text, denied) });
  }
  return { allow, deny };
}

function kindOf(setting: string, text: string, denied: boolean): ChannelPattern['kind'] {
  if (text === '*') return 'all';
  if (/^@dms?$/i.test(text)) return 'direct';
  if (ID.test(text)) {
    // A name in capitals looks like an ID. Deny rules match both; an allow rule matches names only if the text cannot
    // be an ID.
    const maybeName = !SURELY_ID.test(text) && (denied || !/\d/.test(text));
    return maybeName ? 'id or name' : 'id';
  }
  if (NAME.test(text) && !(USER_ID.test(text) && /\d/.test(text))) return 'name';
  throw new ConfigurationError(
    `${setting}: ${JSON.stringify(text)} is not a valid channel. Use #name, the id of a channel or direct message, @dm or *. Put ! in front to deny it.`,
  );
}

function unknownTeam(setting: string, team: string, teams: readonly string[]): ConfigurationError {
  const known = teams.length === 0 ? 'SLACK_WORKSPACES is empty' : `known: ${teams.join(', ')}`;
  return new ConfigurationError(`${setting}: no workspace is named ${JSON.stringify(team.slice(0, 60))}; ${known}`);
}

/** Whether an entry applies to the channel's workspace. */
export function concerns({ team }: ChannelPattern, channel: ChannelFacts): boolean {
  return team === undefined || team === channel.team;
}

/** Whether an allow entry matches a channel by its current name. */
export function allows(pattern: ChannelPattern, channel: ChannelFacts): boolean {
  return matches(pattern, channel, [channel.name]);
}

/** Whether a deny entry matches a channel by any current or previous name. */
export function denies(pattern: ChannelPattern, channel: ChannelFacts): boolean {
  return matches(pattern, channel, [channel.name, ...(channel.otherNames ?? [])]);
}

function matches(pattern: ChannelPattern, channel: ChannelFacts, names: readonly (string | undefined)[]): boolean {
  if (!concerns(pattern, channel)) return false;
  const { text, kind } = pattern;
  switch (kind) {
    case 'all':
      return true;
    case 'direct':
      return channel.direct;
    case 'id':
      return channel.id === text;
    case 'name':
      return isNamed(text, names);
    case 'id or name':
      return channel.id === text || isNamed(text, names);
  }
}

/** Whether the rules may depend on properties of a channel other than its ID. */
export function needFacts({ allow, deny }: ChannelRules, id: string): boolean {
  if (!/^[CG]/.test(id)) return false;
  return [...allow, ...deny].some(({ kind }) => kind !== 'all' && kind !== 'id');
}

/** Whether the channel is a direct message that is identified by its user, because its channel ID is unknown. */
export function isUser({ id }: ChannelFacts): boolean {
  return USER_ID.test(id);
}

function isNamed(text: string, names: readonly (string | undefined)[]): boolean {
  const wanted = comparableName(text.replace(/^#/, ''));
  return names.some((name) => name !== undefined && comparableName(name) === wanted);
}

/**
 * Returns the form in which names are compared. Slack composes accents and uses lower case, but people may type names
 * differently.
 */
export function comparableName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
