import { ConfigurationError } from '@slack-mcp/core';

/** What rules say of a channel by. */
export interface ChannelFacts {
  readonly id: string;
  /** The name of its workspace, where workspaces have names. */
  readonly team?: string | undefined;
  /** Without `#`. Direct messages have none, nor has a channel that Slack does not name. */
  readonly name?: string | undefined;
  /** What it was called before, and how Slack writes its name otherwise: what denies these denies the channel. */
  readonly otherNames?: readonly string[] | undefined;
  /** Whether it is between persons, in a group of them too. */
  readonly direct: boolean;
  /** Whether people of other organizations take part; undefined where that is not known. */
  readonly external?: boolean | undefined;
}

/** Channels that are allowed and denied. Without any that are allowed, all are that are not denied. */
export interface ChannelRules {
  readonly allow: readonly ChannelPattern[];
  readonly deny: readonly ChannelPattern[];
}

/** One entry of a list. */
export interface ChannelPattern {
  /** As it was written, without `!` and the workspace. */
  readonly text: string;
  /** The name of the workspace that it speaks of; undefined: of each. */
  readonly team?: string | undefined;
  readonly kind: 'all' | 'direct' | 'id' | 'name' | 'id or name';
}

/** No id is shorter. */
const ID = /^[CDG][A-Z0-9]{8,}$/;
/** As all are by now; older ones have any letter or digit there, as a name in capitals has. */
const SURELY_ID = /^[CDG]0/;
const USER_ID = /^[UW][A-Z0-9]{8,}$/;
const OF_TEAM = /^([^/\s]+)\/(.*)$/;
/** Letters of any script, digits, and of what stands between them only what names can hold: no quotes, no brackets. */
const NAME = /^#?(?:[._-]|[^\s\p{C}\p{Pi}\p{Pf}\p{Ps}\p{Pe}\p{Sk}!-/:-@[-`{-~]){1,80}$/u;

/**
 * Reads a list of channels: `#name`, `name` or an id, `@dm` for direct messages, `*` for all; `!` before any of them
 * denies it, and `team/` before it speaks of one workspace alone.
 *
 * @param setting - named in the error
 * @param teams - the names of the workspaces, where they have names
 * @throws ConfigurationError for an entry that could never match
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
    // A name in capitals looks like an id: whichever is meant is denied, and only what can be nothing else is allowed.
    const maybeName = !SURELY_ID.test(text) && (denied || !/\d/.test(text));
    return maybeName ? 'id or name' : 'id';
  }
  if (NAME.test(text) && !(USER_ID.test(text) && /\d/.test(text))) return 'name';
  throw new ConfigurationError(
    `${setting}: ${JSON.stringify(text)} is not a valid channel: give #name, the id of a channel or direct message, @dm or *, each with ! before it to deny it.`,
  );
}

function unknownTeam(setting: string, team: string, teams: readonly string[]): ConfigurationError {
  const known = teams.length === 0 ? 'SLACK_WORKSPACES names none' : `there are ${teams.join(', ')}`;
  return new ConfigurationError(`${setting}: no workspace is named ${JSON.stringify(team.slice(0, 60))}; ${known}`);
}

/** Whether an entry speaks of the workspace that the channel is in. */
export function concerns({ team }: ChannelPattern, channel: ChannelFacts): boolean {
  return team === undefined || team === channel.team;
}

/** Whether an entry that allows means this channel, by what it is called now. */
export function allows(pattern: ChannelPattern, channel: ChannelFacts): boolean {
  return matches(pattern, channel, [channel.name]);
}

/** Whether an entry that denies means this channel, by anything that it is or was called. */
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

/** Whether rules may depend on more of this channel than its id. */
export function needFacts({ allow, deny }: ChannelRules, id: string): boolean {
  if (!/^[CG]/.test(id)) return false;
  return [...allow, ...deny].some(({ kind }) => kind !== 'all' && kind !== 'id');
}

/** Whether a channel is given as a user: their direct messages, whose own id is not known. */
export function isUser({ id }: ChannelFacts): boolean {
  return USER_ID.test(id);
}

function isNamed(text: string, names: readonly (string | undefined)[]): boolean {
  const wanted = comparableName(text.replace(/^#/, ''));
  return names.some((name) => name !== undefined && comparableName(name) === wanted);
}

/** A name as names are compared: Slack composes accents, and writes small letters; what people type may do neither. */
export function comparableName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
