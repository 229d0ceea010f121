import type { JsonObject } from '@slack-mcp/core';
import type { SlackPort } from '@slack-mcp/slack';
import type { Directory } from '../directory/directory.ts';
import { channelOf } from '../directory/read-names.ts';
import type { NameSuggestions } from '../directory/suggest-names.ts';
import type { ChannelId } from './channel-id.ts';
import { type ChannelFacts, needFacts } from './channel-rules.ts';
import { type GateRules, gate } from './gate.ts';
import { NotAllowedError } from './not-allowed-error.ts';
import { SealedAnswer } from './sealed-answer.ts';

/** What a channel is used for. */
export interface ChannelUse {
  readonly writes: boolean;
}

/** An item of an answer, in a channel that may be used. */
export interface ReadableItem<Item> {
  readonly item: Item;
  readonly channel: ChannelId;
}

/** What is left of an answer at the gate. */
export interface ReadableItems<Item> {
  readonly items: readonly ReadableItem<Item>[];
  /** How many items were taken out. */
  readonly withheld: number;
}

/** The channels that one use may have: the only way to a `ChannelId`, and to what a sealed answer holds. */
export interface ChannelGate {
  /**
   * The id of a channel that may be used.
   *
   * @param reference - an id, `#name`, `name`, `<#C…|name>`, `@name` for direct messages
   * @throws NotAllowedError for a channel that may not be used
   * @throws NameError for a name that nothing or more than one thing has
   * @throws SlackError when Slack does not say what the rules depend on
   */
  resolve(reference: string, options?: { signal?: AbortSignal }): Promise<ChannelId>;
  /**
   * Takes out of an answer what is in channels that may not be used, or in none that is known.
   *
   * @param itemsOf - the items of the answer
   * @param idOf - the id of the channel that an item is in
   */
  readable<Item>(
    answer: SealedAnswer,
    itemsOf: (answer: JsonObject) => readonly Item[],
    idOf: (item: Item) => string | undefined,
    options?: { signal?: AbortSignal },
  ): Promise<ReadableItems<Item>>;
  /** Names of channels that may be used, for a prefix. Never rejects. */
  suggest(typed: string): Promise<NameSuggestions>;
}

/** Options of `createChannelGate`. */
export interface ChannelGateOptions {
  rules: GateRules;
  directory: Directory;
  slack: SlackPort;
  /** The name of the workspace, where workspaces have names. */
  team?: string | undefined;
  /** Milliseconds for which what Slack says of a channel is believed. Default 10 minutes. */
  trustMs?: number;
}

const MOST_KEPT = 10_000;

/**
 * Lets tools have only the channels that they may use. Slack is asked about a channel only where the rules depend on the
 * answer.
 */
export function createChannelGate(options: ChannelGateOptions): (use: ChannelUse) => ChannelGate {
  const { rules, directory, slack, team, trustMs = 10 * 60_000 } = options;
  const asked = new Map<string, { facts: ChannelFacts; at: number }>();

  async function factsOf(id: string, writes: boolean, signal: AbortSignal | undefined): Promise<ChannelFacts> {
    const direct = !/^[CG]/.test(id);
    const checksExternal = rules.external !== 'allow' && !/^[UW]/.test(id);
    if (!checksExternal && !needFacts(writes ? rules.write : rules.read, id)) return { id, team, direct };
    const known = directory.channels.known(id);
    if (known !== undefined)
      return { id, team, name: known.names[0], direct: false, external: known.external === true };
    const remembered = asked.get(id);
    if (remembered !== undefined && performance.now() - remembered.at < trustMs) return remembered.facts;
    const facts = await ask(id, signal);
    if (asked.size >= MOST_KEPT) asked.clear();
    asked.set(id, { facts, at: performance.now() });
    return facts;
  }

  async function ask(id: string, signal: AbortSignal | undefined): Promise<ChannelFacts> {
    const answer = await slack.call('conversations.info', { channel: id }, signal === undefined ? {} : { signal });
    const channel = (answer['channel'] ?? {}) as JsonObject;
    const direct = channel['is_im'] === true || channel['is_mpim'] === true;
    const entry = channelOf(channel);
    return { id, team, name: direct ? undefined : entry?.names[0], direct, external: entry?.external === true };
  }

  return ({ writes }) => {
    async function pass(id: string, signal: AbortSignal | undefined): Promise<ChannelId> {
      const refused = gate(rules, { writes, channel: await factsOf(id, writes, signal) });
      if (refused !== undefined) throw new NotAllowedError(refused);
      return id as ChannelId;
    }

    return {
      async resolve(reference, { signal } = {}) {
        return pass(await directory.channels.resolve(reference, signal === undefined ? {} : { signal }), signal);
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
      suggest: (typed) =>
        directory.channels.suggest(typed, ({ id, names, external }) => {
          const channel = { id, team, name: names[0], direct: false, external: external === true };
          return gate(rules, { writes, channel }) === undefined;
        }),
    };
  };
}

function unlessAllowed(error: unknown): undefined {
  if (error instanceof NotAllowedError) return undefined;
  throw error;
}
