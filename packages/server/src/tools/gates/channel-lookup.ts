import type { JsonObject } from '@slack-mcp/core';
import { SlackApiError, type SlackPort, unlessAborted } from '@slack-mcp/slack';
import type { Directory } from '../directory/directory.ts';
import type { Named } from '../directory/names.ts';
import { channelOf, isExternal } from '../directory/read-names.ts';
import type { ChannelFacts } from './channel-rules.ts';

const MOST_KEPT = 10_000;

/** Maximum time to wait for the label of a channel, and the pause after a failed attempt. */
const LABEL_WAIT_MS = 1_000;
const LABEL_REST_MS = 60_000;

/** Options of `createChannelLookup`. */
export interface ChannelLookupOptions {
  directory: Directory;
  slack: SlackPort;
  /** The name of the workspace, if the server uses several workspaces. */
  team: string | undefined;
  /** Milliseconds for which channel data from Slack is trusted for labels. */
  trustMs: number;
}

/** Finds the facts about channels, in the cached list or in Slack. */
export interface ChannelLookup {
  /**
   * Returns the facts about a channel that are at most `maxAgeMs` old. Calls within this time share one request.
   *
   * @throws SlackError
   * @throws the signal's abort reason
   */
  factsOf(id: string, maxAgeMs: number, signal: AbortSignal | undefined): Promise<ChannelFacts>;
  /** Returns the facts about a channel if they are known, or if Slack returns them within a short time. Never rejects. */
  factsSoon(id: string, signal: AbortSignal | undefined): Promise<ChannelFacts | undefined>;
}

/** Creates a lookup for channels. Makes no calls until a channel is requested. */
export function createChannelLookup({ directory, slack, team, trustMs }: ChannelLookupOptions): ChannelLookup {
  const asked = new Map<string, { facts: Promise<ChannelFacts>; at: number }>();
  const unseen = new Map<string, number>();
  let noLabelsUntil = Number.NEGATIVE_INFINITY;

  /** Requests Slack's data about a channel. Calls within `maxAgeMs` share one request. */
  function factsOf(id: string, maxAgeMs: number, signal: AbortSignal | undefined): Promise<ChannelFacts> {
    const known = directory.channels.known(id, maxAgeMs);
    if (known !== undefined) return Promise.resolve(listedFacts(known, team));
    const remembered = asked.get(id);
    if (remembered !== undefined && performance.now() - remembered.at < maxAgeMs) {
      return unlessAborted(remembered.facts, signal);
    }
    const facts = ask(id);
    if (asked.size >= MOST_KEPT) asked.clear();
    asked.set(id, { facts, at: performance.now() });
    facts.catch(() => asked.delete(id));
    return unlessAborted(facts, signal);
  }

  /** Requests a channel's data, with the user token if the bot cannot see the channel. */
  async function infoOf(channel: string): Promise<JsonObject> {
    try {
      return await slack.call('conversations.info', { channel });
    } catch (error) {
      if (slack.tokenKinds?.length !== 2 || !isChannelNotFound(error)) throw error;
      return slack.call('conversations.info', { channel }, { as: 'user' });
    }
  }

  async function ask(id: string): Promise<ChannelFacts> {
    const answer = await infoOf(id);
    const channel = (answer['channel'] ?? {}) as JsonObject;
    const direct = channel['is_im'] === true || channel['is_mpim'] === true;
    const { names: [name] = [], otherNames } = channelOf(channel) ?? {};
    const external = isExternal(channel);
    return direct ? { id, team, direct, external } : { id, team, name, otherNames, direct, external };
  }

  /** Returns the data about a channel if it is known, or if Slack returns it within a short time. Never rejects. */
  async function factsSoon(id: string, signal: AbortSignal | undefined): Promise<ChannelFacts | undefined> {
    const known = directory.channels.known(id, trustMs);
    if (known !== undefined) return listedFacts(known, team);
    const now = performance.now();
    if (now < noLabelsUntil || now - (unseen.get(id) ?? Number.NEGATIVE_INFINITY) < trustMs) return undefined;
    const limit = AbortSignal.timeout(LABEL_WAIT_MS);
    try {
      return await factsOf(id, trustMs, signal === undefined ? limit : AbortSignal.any([signal, limit]));
    } catch (error) {
      if (isChannelNotFound(error)) {
        if (unseen.size >= MOST_KEPT) unseen.clear();
        unseen.set(id, now);
      } else {
        // A missing scope or a rate limit would also affect the next answer.
        noLabelsUntil = performance.now() + LABEL_REST_MS;
      }
      return undefined;
    }
  }

  return { factsOf, factsSoon };
}

/** Returns the facts about a channel from the cached channel list. */
export function listedFacts({ id, names, otherNames, external }: Named, team: string | undefined): ChannelFacts {
  return { id, team, name: names[0], otherNames, direct: false, external: external === true };
}

/** Whether Slack does not know a channel, or does not show it to the token. */
export function isChannelNotFound(error: unknown): boolean {
  return error instanceof SlackApiError && error.slackError === 'channel_not_found';
}
