import type { JsonObject } from '@slack-mcp/core';
import type { SlackPort } from '@slack-mcp/slack';
import type { Directory } from '../directory/directory.ts';
import type { FoundName, FoundNames } from '../directory/find-names.ts';
import { NameError } from '../directory/name-errors.ts';
import type { NameConfirmation } from '../directory/name-source.ts';
import type { Named } from '../directory/names.ts';
import type { NameSuggestions } from '../directory/suggest-names.ts';
import type { ChannelId } from './channel-id.ts';
import { createChannelLookup, isChannelNotFound, listedFacts } from './channel-lookup.ts';
import { type ChannelFacts, needFacts } from './channel-rules.ts';
import { type GateRules, gate, gateAnywhere } from './gate.ts';
import { NotAllowedError } from './not-allowed-error.ts';
import { SealedAnswer } from './sealed-answer.ts';

/** How a tool uses a channel. */
export interface ChannelUse {
  readonly writes: boolean;
}

/** An item of an answer that belongs to a channel that may be used. */
export interface ReadableItem<Item> {
  readonly item: Item;
  readonly channel: ChannelId;
}

/** The name of a channel, and whether people from other organizations are its members. */
export interface ChannelLabel {
  readonly channel_name?: string;
  readonly external?: true;
}

/** The items of an answer that pass the gate. */
export interface ReadableItems<Item> {
  readonly items: readonly ReadableItem<Item>[];
  /** The number of items that the gate removed. */
  readonly withheld: number;
}

/**
 * Gives a tool access to the channels that it may use. A tool can get a `ChannelId`, or the content of a sealed answer,
 * only through the channel gate.
 */
export interface ChannelGate {
  /**
   * Resolves a reference to the ID of a channel that the tool may use.
   *
   * For a write, Slack must confirm the channel's name if the cached list of names is older than a minute.
   *
   * @param reference - an ID, `#name`, `name`, `<#C…|name>`, or `@name` for direct messages
   * @param options - `opens` accepts a user's ID as the channel, for methods with which Slack itself opens the direct
   * messages; by default, the ID of existing direct messages is looked up
   * @throws NotAllowedError - the channel may not be used
   * @throws NameError - no channel or several channels have the name
   * @throws SlackError - Slack does not return the channel data that the rules or the confirmation need
   */
  resolve(reference: string, options?: { signal?: AbortSignal; opens?: boolean }): Promise<ChannelId>;
  /**
   * Allows a call that can reach any channel, for example through the id of a file, only if the operator restricts no
   * channels.
   *
   * @throws NotAllowedError - a setting restricts channels
   */
  passAnywhere(): void;
  /**
   * Opens a sealed answer that can contain any channel. Refuses to open it if a setting restricts channels.
   *
   * @throws NotAllowedError - a setting restricts channels
   */
  openAnywhere(answer: SealedAnswer): JsonObject;
  /**
   * Opens a sealed answer and removes the items that belong to forbidden channels or to no known channel.
   *
   * @param itemsOf - returns the items of the answer
   * @param idOf - returns the ID of an item's channel
   */
  readable<Item>(
    answer: SealedAnswer,
    itemsOf: (answer: JsonObject) => readonly Item[],
    idOf: (item: Item) => string | undefined,
    options?: { signal?: AbortSignal },
  ): Promise<ReadableItems<Item>>;
  /**
   * Finds channels by a part of their name, topic or purpose, and returns the best match first. Only channels that may
   * be used are returned.
   *
   * @throws NamesLoadingError - a long list is still being read
   * @throws SlackError - Slack does not return the names, or the channel data that the rules need
   */
  find(query: string, options: { limit: number; signal?: AbortSignal }): Promise<FoundNames>;
  /**
   * Returns the label of a channel for answers, with the parts that Slack returns within a short time. Never rejects.
   */
  describe(channel: ChannelId, options?: { signal?: AbortSignal }): Promise<ChannelLabel>;
  /**
   * Returns the names of channels that may be used and whose names can be found within a short time. Asks Slack only
   * about channels that are not in the cached list and that the rules do not deny by ID. Never rejects.
   */
  namesOf(ids: readonly string[], options?: { signal?: AbortSignal }): Promise<ReadonlyMap<string, string>>;
  /** Suggests names of channels that may be used. Never rejects. */
  suggest(typed: string): Promise<NameSuggestions>;
}

/** Options of `createChannelGate`. */
export interface ChannelGateOptions {
  rules: GateRules;
  directory: Directory;
  slack: SlackPort;
  /** The name of the workspace, if the server uses several workspaces. */
  team?: string | undefined;
  /** Milliseconds for which channel data from Slack is trusted for reads. Default: 10 minutes. */
  trustMs?: number;
  /** Milliseconds for which channel data from Slack is trusted for writes. Default: 60000. */
  writeTrustMs?: number;
}

/** Maximum number of channels to name in one answer. */
const MOST_NAMED = 20;

/**
 * Creates a function that returns the gate for a use of channels. The gate asks Slack about a channel only if the rules
 * depend on the answer.
 */
export function createChannelGate(options: ChannelGateOptions): (use: ChannelUse) => ChannelGate {
  const { rules, directory, slack, team, trustMs = 10 * 60_000, writeTrustMs = 60_000 } = options;
  const { factsOf, factsSoon } = createChannelLookup({ directory, slack, team, trustMs });

  async function factsForRules(id: string, writes: boolean, signal: AbortSignal | undefined): Promise<ChannelFacts> {
    const checksExternal = rules.external !== 'allow' && !/^[UW]/.test(id);
    if (!checksExternal && !needFacts(writes ? rules.write : rules.read, id)) {
      return { id, team, direct: !/^[CG]/.test(id) };
    }
    return factsOf(id, writes ? writeTrustMs : trustMs, signal);
  }

  async function directMessagesWith(user: string, reference: string, signal: AbortSignal | undefined): Promise<string> {
    try {
      return await directory.directMessages.resolve(user, { signal });
    } catch (error) {
      if (!(error instanceof NameError)) throw error;
      const message = `There are no direct messages with ${reference.trim().slice(0, 100)} yet.`;
      throw new NameError('channel', message, 'Post a message to them to start the conversation.', []);
    }
  }

  return ({ writes }) => {
    function passAnywhere(): void {
      const refused = gateAnywhere(rules, writes);
      if (refused !== undefined) throw new NotAllowedError(refused);
    }

    async function pass(id: string, signal: AbortSignal | undefined): Promise<ChannelId> {
      const refused = gate(rules, { writes, channel: await factsForRules(id, writes, signal) });
      if (refused !== undefined) throw new NotAllowedError(refused);
      return id as ChannelId;
    }

    function confirmation(signal: AbortSignal | undefined): NameConfirmation {
      return {
        maxAgeMs: writeTrustMs,
        async namesOf(id) {
          try {
            const { name } = await factsOf(id, writeTrustMs, signal);
            return name === undefined ? undefined : [name];
          } catch (error) {
            if (isChannelNotFound(error)) return undefined;
            throw error;
          }
        },
      };
    }

    const isAllowed = (entry: Named): boolean =>
      gate(rules, { writes, channel: listedFacts(entry, team) }) === undefined;

    return {
      async resolve(reference, { signal, opens = false } = {}) {
        const confirm = writes ? confirmation(signal) : undefined;
        const id = await directory.channels.resolve(reference, { signal, confirm });
        const isUser = /^[UW]/.test(id);
        return pass(isUser && !opens ? await directMessagesWith(id, reference, signal) : id, signal);
      },
      passAnywhere,
      openAnywhere(answer) {
        passAnywhere();
        return SealedAnswer.open(answer);
      },
      async readable(answer, itemsOf, idOf, { signal } = {}) {
        const all = itemsOf(SealedAnswer.open(answer));
        const passed = new Map<string, Promise<ChannelId | undefined>>();
        const passOnce = (id: string): Promise<ChannelId | undefined> => {
          const known = passed.get(id) ?? pass(id, signal).catch(unlessAllowed);
          passed.set(id, known);
          return known;
        };
        const items: ReadableItem<(typeof all)[number]>[] = [];
        for (const item of all) {
          const id = idOf(item);
          const channel = id === undefined ? undefined : await passOnce(id);
          if (channel !== undefined) items.push({ item, channel });
        }
        return { items, withheld: all.length - items.length };
      },
      async find(query, { limit, signal }) {
        const { entries, more } = await directory.channels.find(query, { limit, accepts: isAllowed, signal });
        // The list may be old: check each channel again as if it was named by its ID.
        const allowed: FoundName[] = [];
        for (const found of entries) {
          const id = await pass(found.entry.id, signal).catch(unlessAllowed);
          if (id !== undefined) allowed.push(found);
        }
        return { entries: allowed, more };
      },
      async describe(channel, { signal } = {}) {
        const facts = await factsSoon(channel, signal);
        return facts === undefined ? {} : labelOf(facts);
      },
      async namesOf(ids, { signal } = {}) {
        const names = new Map<string, string>();
        const { allow, deny } = writes ? rules.write : rules.read;
        const isDeniedById = (id: string): boolean =>
          !needFacts({ allow, deny }, id) &&
          gate(rules, { writes, channel: { id, team, direct: false, external: false } }) !== undefined;
        const named = [...new Set(ids)].filter((id) => !isDeniedById(id)).slice(0, MOST_NAMED);
        await Promise.all(
          named.map(async (id) => {
            const facts = await factsSoon(id, signal);
            if (facts?.name !== undefined && gate(rules, { writes, channel: facts }) === undefined)
              names.set(id, facts.name);
          }),
        );
        return names;
      },
      suggest: (typed) => directory.channels.suggest(typed, isAllowed),
    };
  };
}

function labelOf({ name, external }: ChannelFacts): ChannelLabel {
  return { ...(name !== undefined && { channel_name: name }), ...(external === true && { external }) };
}

/**
 * Returns undefined if an error means that a channel may not be used; otherwise, throws the error. A channel that Slack
 * does not show may not be used, because the rules cannot be checked.
 */
function unlessAllowed(error: unknown): undefined {
  if (error instanceof NotAllowedError || isChannelNotFound(error)) return undefined;
  throw error;
}
