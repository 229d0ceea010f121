import { ConfigurationError } from '@slack-mcp/core';

/** What rules say of a channel by. */
export interface ChannelFacts {
  readonly id: string;
  /** Without `#`. Direct messages have none. */
  readonly name?: string | undefined;
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
  /** As it was written, without `!`. */
  readonly text: string;
  readonly kind: 'all' | 'direct' | 'id' | 'name' | 'id or name';
}

const ID = /^[CDG][A-Z0-9]{5,}$/;
const USER_ID = /^[UW][A-Z0-9]{5,}$/;
const NAME = /^#?[^\s,#@!*<>:]{1,80}$/;

/**
 * Reads a list of channels: `#name`, `name` or an id, `@dm` for direct messages, `*` for all; `!` before any of them
 * denies it.
 *
 * @param setting - named in the error
 * @throws ConfigurationError for an entry that could never match
 */
export function parseChannelRules(setting: string, entries: readonly string[]): ChannelRules {
  const allow: ChannelPattern[] = [];
  const deny: ChannelPattern[] = [];
  for (const entry of entries) {
    const denied = entry.startsWith('!');
    const text = (denied ? entry.slice(1) : entry).trim();
    (denied ? deny : allow).push({ text, kind: kindOf(setting, text) });
  }
  return { allow, deny };
}

function kindOf(setting: string, text: string): ChannelPattern['kind'] {
  if (text === '*') return 'all';
  if (/^@dms?$/i.test(text)) return 'direct';
  // A name in capitals looks like an id without digits.
  if (ID.test(text)) return /\d/.test(text) ? 'id' : 'id or name';
  if (NAME.test(text) && !(USER_ID.test(text) && /\d/.test(text))) return 'name';
  throw new ConfigurationError(
    `${setting}: ${JSON.stringify(text)} is no channel: give #name, the id of a channel or direct message, @dm or *, each with ! before it to deny it.`,
  );
}

/** Whether an entry means this channel. */
export function matches({ text, kind }: ChannelPattern, channel: ChannelFacts): boolean {
  switch (kind) {
    case 'all':
      return true;
    case 'direct':
      return channel.direct;
    case 'id':
      return channel.id === text;
    case 'name':
      return isNamed(text, channel);
    case 'id or name':
      return channel.id === text || isNamed(text, channel);
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

function isNamed(text: string, { name }: ChannelFacts): boolean {
  return name !== undefined && name.toLowerCase() === text.replace(/^#/, '').toLowerCase();
}
