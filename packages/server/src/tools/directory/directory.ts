import { SlackApiError, type SlackPort } from '@slack-mcp/slack';
import { emailIn } from '../arguments/email-address.ts';
import type { DirectoryFile } from './directory-file.ts';
import { findNames } from './find-names.ts';
import { groupHandles } from './group-handles.ts';
import { inSlices } from './in-slices.ts';
import { type NamedKind, NameError, NamesLoadingError } from './name-errors.ts';
import { NameList } from './name-list.ts';
import type {
  NameConfirmation,
  NameResolver,
  NameSource,
  ResolveOptions,
  UserGroupSource,
  UserSource,
} from './name-source.ts';
import { isPerson, nameIn, orChannel } from './named-otherwise.ts';
import type { Named } from './names.ts';
import { NearestNames } from './nearest-names.ts';
import {
  type ReadNames,
  readChannelNames,
  readDirectMessages,
  readEmojiNames,
  readUserGroupNames,
  readUserNames,
} from './read-names.ts';
import { suggestNames } from './suggest-names.ts';
import { userByEmail } from './user-by-email.ts';
import { createUserCards } from './user-cards.ts';

/** The names of one workspace. The names are read from Slack on demand and cached. */
export interface Directory {
  /** Finds channels by ID, `#name`, `name` or `<#C…|name>`, and the direct messages with a user by `@name`. */
  readonly channels: NameSource & {
    /** Returns the cached entry for a channel if it is at most `maxAgeMs` old (default: 10 minutes). Makes no calls. */
    known(id: string, maxAgeMs?: number): Named | undefined;
  };
  /** Finds direct messages by user ID. Does not open new direct messages. */
  readonly directMessages: NameResolver;
  /** Finds users by ID, `@name`, `name` or `<@U…>`. */
  readonly users: UserSource;
  /** Finds user groups by ID, `@handle`, `handle` or `<!subteam^S…>`. */
  readonly userGroups: UserGroupSource;
  /** Finds the workspace's custom emoji by name, with or without colons. An alias resolves to its target. */
  readonly emoji: NameSource;
  /** Loads channel names in the background if they are missing or older than `staleAfterMs`. */
  warm(): void;
  close(): void;
}

/** Options of `createDirectory`. */
export interface DirectoryOptions {
  slack: SlackPort;
  /** A file that keeps names across restarts. */
  file?: DirectoryFile | undefined;
  /**
   * Milliseconds after which names are reloaded in the background; the old names stay in use until then. Default: 10
   * minutes.
   */
  staleAfterMs?: number;
  /** Milliseconds after which an unknown name is looked up again. Default: 60000. */
  refreshAfterMs?: number;
  /** Maximum number of names of each kind to store. Default: 300000. */
  maxEntries?: number;
  /** Maximum milliseconds that a caller waits while a long list is read. Default: 20000. */
  waitMs?: number;
  /** Maximum milliseconds that a caller waits for suggested names. Default: 500. */
  suggestWaitMs?: number;
}

/** How to recognize and load one kind of name. */
interface Kind {
  readonly kind: NamedKind;
  readonly noun: string;
  readonly sign: string;
  readonly read: (slack: SlackPort) => ReadNames;
  /**
   * Patterns that match an ID. The ID is the first capturing group or, in a pattern without a group, the whole match.
   */
  readonly ids: readonly RegExp[];
  readonly advice: string;
}

/**
 * How to recognize and load channels. Slack's IDs consist of at least nine upper-case letters and digits; a shorter
 * text, or a text with lower-case letters, is a name.
 */
const CHANNELS: Kind = {
  kind: 'channel',
  noun: 'channel',
  sign: '#',
  read: readChannelNames,
  ids: [/^[CDGUW][A-Z0-9]{8,}$/, /^<#([CDG][A-Z0-9]{5,})(?:\|[^>]*)?>$/],
  advice:
    "Use one of its names, or the channel's id (like C0123456789): archived channels and direct messages have only an id. The bot sees private channels only after it is invited.",
};
const DIRECT_MESSAGES: Kind = {
  kind: 'direct_message',
  noun: 'direct message',
  sign: '',
  read: readDirectMessages,
  ids: [/^D[A-Z0-9]{8,}$/],
  advice: 'Post a message to start one; there is nothing to read yet.',
};
const USERS: Kind = {
  kind: 'user',
  noun: 'user',
  sign: '@',
  read: readUserNames,
  ids: [/^[UW][A-Z0-9]{8,}$/, /^<@([UW][A-Z0-9]{5,})(?:\|[^>]*)?>$/],
  advice:
    "Use an exact name, or the user's id (like U0123456789). To find a person by part of a name, a title or an email address, call slack_find.",
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
  advice: 'Standard emoji need no lookup.',
};

/** Creates a directory. No names are read until a name is requested. */
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
      resolve: (reference, given = {}) => resolve(kind, list, reference, given),
      async find(query, given) {
        const known = await list.current(given.signal);
        const found = await findNames(known, query, given);
        if (found.entries.length > 0) return found;
        // The name may be newer than the list.
        const renewed = await list.having(nameIn(query), given.signal);
        return findNames(renewed, query, { ...given, similar: true });
      },
      suggest: async (typed, accepts) => suggestNames(await list.soon(suggestWaitMs), typed, accepts),
    };
  }

  const channels = open(CHANNELS);
  const users = open(USERS);
  const userGroups = open(USER_GROUPS);
  const cards = createUserCards(slack);

  async function resolveUser(reference: string, { signal, confirm }: ResolveOptions = {}): Promise<string> {
    const email = emailIn(reference.replace(/^\s*@/, ''));
    if (email !== undefined) return userByEmail(slack, email, signal);
    if (confirm === undefined) return users.resolve(reference, { signal });
    const { maxAgeMs } = confirm;
    const namesOf = async (id: string): Promise<readonly string[] | undefined> => {
      const card = await unlessUnknown(cards.card(id, { maxAgeMs, signal }));
      return card?.isDeactivated === false ? card.names : undefined;
    };
    return users.resolve(reference, { signal, confirm: { maxAgeMs, namesOf } });
  }

  async function resolveChannel(reference: string, given: ResolveOptions = {}): Promise<string> {
    if (/^\s*(@|<@)/.test(reference)) return orChannel(reference, resolveUser(reference, given));
    if (emailIn(reference) !== undefined) return resolveUser(reference, given);
    try {
      return await channels.resolve(reference, given);
    } catch (error) {
      if (!(error instanceof NameError) || /^\s*#/.test(reference)) throw error;
      const people = await users.list.soon(suggestWaitMs);
      const isKnown = people !== undefined && people.ids(nameIn(reference)).length > 0;
      throw isKnown ? isPerson(reference, error) : error;
    }
  }

  return {
    channels: {
      resolve: resolveChannel,
      find: channels.find,
      suggest: channels.suggest,
      known: (id, maxAgeMs = options.staleAfterMs ?? 10 * 60_000) =>
        channels.list.ageMs < maxAgeMs ? channels.list.known?.entry(id) : undefined,
    },
    directMessages: open(DIRECT_MESSAGES),
    users: {
      resolve: resolveUser,
      find: users.find,
      suggest: users.suggest,
      namesOf: cards.namesOf,
      knownId: (name) => {
        const [id, another] = users.list.known?.ids(nameIn(name)) ?? [];
        return another === undefined ? id : undefined;
      },
    },
    userGroups: { ...userGroups, namesOf: (ids) => groupHandles(userGroups.list, ids) },
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
  { signal, confirm }: ResolveOptions,
): Promise<string> {
  const wanted = reference.trim();
  for (const pattern of kind.ids) {
    const match = pattern.exec(wanted);
    if (match !== null) return match[1] ?? match[0];
  }
  const name = nameIn(wanted);
  let names = await list.having(name, signal);
  if (confirm !== undefined && list.ageMs >= confirm.maxAgeMs && !(await isNamed(names.ids(name), name, confirm))) {
    names = await list.renewed(signal);
  }
  const ids = names.ids(name);
  if (ids.length === 1 && ids[0] !== undefined) return ids[0];
  if (ids.length > 1) throw ambiguous(kind, wanted, ids);
  const nearest = new NearestNames(name);
  await inSlices(names.all(), (known) => nearest.add(known), signal);
  throw unknown(kind, wanted, nearest.names, names.cut ? names.size : undefined);
}

/** Whether exactly one entry has the name, and Slack confirms that this entry still has the name. */
async function isNamed(ids: readonly string[], name: string, { namesOf }: NameConfirmation): Promise<boolean> {
  const [id, another] = ids;
  if (id === undefined || another !== undefined) return false;
  return (await namesOf(id))?.includes(name) === true;
}

async function unlessUnknown<T>(card: Promise<T>): Promise<T | undefined> {
  try {
    return await card;
  } catch (error) {
    if (error instanceof SlackApiError && error.slackError === 'user_not_found') return undefined;
    throw error;
  }
}

function unknown(kind: Kind, reference: string, candidates: readonly string[], only: number | undefined): NameError {
  const { noun, sign, advice } = kind;
  const nearest =
    candidates.length === 0 ? '' : ` Similar names: ${candidates.map((name) => `${sign}${name}`).join(', ')}.`;
  const cut = only === undefined ? '' : ` Only the first ${only} were searched.`;
  return new NameError(
    kind.kind,
    `No ${noun} named ${JSON.stringify(reference)} is visible to the bot.${cut}${nearest}`,
    advice,
    candidates,
  );
}

function ambiguous(kind: Kind, reference: string, ids: readonly string[]): NameError {
  const shown = ids.slice(0, 20);
  const message = `Several ${kind.noun}s are named ${JSON.stringify(reference)}: ${shown.join(', ')}.`;
  return new NameError(kind.kind, message, 'Use the id of the right one.', shown);
}

function loading({ noun }: Kind, read: number): NamesLoadingError {
  const message = `The names of ${noun}s are still being read from Slack (${read} so far), as fast as Slack allows.`;
  return new NamesLoadingError(message, 20);
}
