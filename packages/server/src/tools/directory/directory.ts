import type { SlackPort } from '@slack-mcp/slack';
import type { DirectoryFile } from './directory-file.ts';
import { inSlices } from './in-slices.ts';
import { type NamedKind, NameError, NamesLoadingError } from './name-errors.ts';
import { NameList } from './name-list.ts';
import type { Named } from './names.ts';
import { NearestNames } from './nearest-names.ts';
import { type ReadNames, readChannelNames, readEmojiNames, readUserGroupNames, readUserNames } from './read-names.ts';
import { type NameSuggestions, suggestNames } from './suggest-names.ts';

/** Turns what people call something into its id. */
export interface NameResolver {
  /**
   * The id of a name; what is an id already costs no call. A name is never taken for more than it says.
   *
   * @throws NameError for a name that nothing or more than one thing has
   * @throws NamesLoadingError while a long list is being read
   * @throws SlackError when the names cannot be read
   */
  resolve(reference: string, options?: { signal?: AbortSignal }): Promise<string>;
}

/** Turns names into ids, and suggests names. */
export interface NameSource extends NameResolver {
  /**
   * Names that mean one thing, out of those that are known: others are read in the background. Never rejects.
   *
   * @param accepts - which of them may be suggested; default all
   */
  suggest(typed: string, accepts?: (entry: Named) => boolean): Promise<NameSuggestions>;
}

/** The names of one workspace. They are read from Slack when they are asked for, and kept. */
export interface Directory {
  /** Channels as an id, `#name`, `name` or `<#C…|name>`; a user's direct messages as `@name`. */
  readonly channels: NameSource & {
    /** What is known of a channel without asking Slack, while it is not stale. */
    known(id: string): Named | undefined;
  };
  /** Users as an id, `@name`, `name` or `<@U…>`. */
  readonly users: NameSource;
  /** User groups as an id, `@handle`, `handle` or `<!subteam^S…>`. */
  readonly userGroups: NameSource;
  /** The workspace's own emoji, with or without colons; an alias resolves to what it stands for. */
  readonly emoji: NameSource;
  /** Reads the names of channels in the background, if they are not there or old. */
  warm(): void;
  close(): void;
}

/** Options of `createDirectory`. */
export interface DirectoryOptions {
  slack: SlackPort;
  /** Keeps names from run to run. */
  file?: DirectoryFile | undefined;
  /** Milliseconds after which names are read again in the background, while they go on being used. Default 10 minutes. */
  staleAfterMs?: number;
  /** Milliseconds after which a name that is not known is looked up again. Default 60000. */
  refreshAfterMs?: number;
  /** Most names of a kind that are kept. Default 300000. */
  maxEntries?: number;
  /** Milliseconds to wait for a long list. Default 20000. */
  waitMs?: number;
  /** Milliseconds to wait for names to suggest. Default 500. */
  suggestWaitMs?: number;
}

/** How one kind of things is called. */
interface Kind {
  readonly kind: NamedKind;
  readonly noun: string;
  readonly sign: string;
  readonly read: (slack: SlackPort) => ReadNames;
  /** What is an id; its first group, where it has one. */
  readonly ids: readonly RegExp[];
  readonly advice: string;
}

/** Slack's own ids are upper case and have at least nine characters; names never are, so what is shorter is a name. */
const CHANNELS: Kind = {
  kind: 'channel',
  noun: 'channel',
  sign: '#',
  read: readChannelNames,
  ids: [/^[CDGUW][A-Z0-9]{8,}$/, /^<#([CDG][A-Z0-9]{5,})(?:\|[^>]*)?>$/],
  advice:
    "Use one of its names, or the channel's id (like C0123456789): archived channels and direct messages have only that. Private channels are seen once the bot is invited.",
};
const USERS: Kind = {
  kind: 'user',
  noun: 'user',
  sign: '@',
  read: readUserNames,
  ids: [/^[UW][A-Z0-9]{8,}$/, /^<@([UW][A-Z0-9]{5,})(?:\|[^>]*)?>$/],
  advice: "Use an exact name, or the user's id (like U0123456789).",
};
const USER_GROUPS: Kind = {
  kind: 'user_group',
  noun: 'user group',
  sign: '@',
  read: readUserGroupNames,
  ids: [/^S[A-Z0-9]{8,}$/, /^<!subteam\^(S[A-Z0-9]{5,})(?:\|[^>]*)?>$/],
  advice: "Use the exact handle, or the group's id (like S0123456789).",
};
const EMOJI: Kind = {
  kind: 'emoji',
  noun: 'custom emoji',
  sign: ':',
  read: readEmojiNames,
  ids: [],
  advice: 'Standard emoji need no looking up.',
};

/** Nothing is read before a name is asked for. */
export function createDirectory({ slack, file, suggestWaitMs = 500, ...options }: DirectoryOptions): Directory {
  const lists = new Map<NamedKind, NameList>();

  function open(kind: Kind): NameSource & { list: NameList } {
    const list = new NameList({
      ...options,
      read: kind.read(slack),
      late: (read) => loading(kind, read),
      ...(file === undefined
        ? {}
        : { restore: () => file.restore(kind.kind), onRead: (names) => file.keep(kind.kind, names) }),
    });
    lists.set(kind.kind, list);
    return {
      list,
      resolve: (reference, { signal } = {}) => resolve(kind, list, reference, signal),
      suggest: async (typed, accepts) => suggestNames(await list.soon(suggestWaitMs), typed, accepts),
    };
  }

  const channels = open(CHANNELS);
  const users = open(USERS);
  return {
    channels: {
      resolve: (reference, given) =>
        /^\s*(@|<@)/.test(reference) ? users.resolve(reference, given) : channels.resolve(reference, given),
      suggest: channels.suggest,
      known: (id) => channels.list.fresh?.entry(id),
    },
    users,
    userGroups: open(USER_GROUPS),
    emoji: open(EMOJI),
    warm: () => channels.list.warm(),
    close: () => {
      for (const list of lists.values()) list.close();
    },
  };
}

async function resolve(
  kind: Kind,
  list: NameList,
  reference: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const wanted = reference.trim();
  for (const pattern of kind.ids) {
    const match = pattern.exec(wanted);
    if (match !== null) return match[1] ?? match[0];
  }
  const name = wanted.replace(/^[#@:]|:$/g, '').toLowerCase();
  const names = await list.having(name, signal);
  const ids = names.ids(name);
  if (ids.length === 1 && ids[0] !== undefined) return ids[0];
  if (ids.length > 1) throw ambiguous(kind, wanted, ids);
  const nearest = new NearestNames(name);
  await inSlices(names.all(), (known) => nearest.add(known), signal);
  throw unknown(kind, wanted, nearest.names, names.cut ? names.size : undefined);
}

function unknown(kind: Kind, reference: string, candidates: readonly string[], only: number | undefined): NameError {
  const { noun, sign, advice } = kind;
  const nearest = candidates.length === 0 ? '' : ` Nearest: ${candidates.map((name) => `${sign}${name}`).join(', ')}.`;
  const cut = only === undefined ? '' : ` Only the first ${only} are looked at.`;
  return new NameError(
    kind.kind,
    `No ${noun} is named ${JSON.stringify(reference)} among those the bot can see.${cut}${nearest}`,
    advice,
    candidates,
  );
}

function ambiguous(kind: Kind, reference: string, ids: readonly string[]): NameError {
  const shown = ids.slice(0, 20);
  const message = `Several ${kind.noun}s are named ${JSON.stringify(reference)}: ${shown.join(', ')}.`;
  return new NameError(kind.kind, message, 'Use the id of the one that is meant.', shown);
}

function loading({ noun }: Kind, read: number): NamesLoadingError {
  const message = `The names of ${noun}s are still being read from Slack (${read} so far), as fast as Slack allows.`;
  return new NamesLoadingError(message, 20);
}
