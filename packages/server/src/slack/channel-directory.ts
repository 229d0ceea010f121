import type { JsonObject } from '@slack-mcp/core';
import { nearestNames } from './nearest-names.ts';
import { SlackApiError } from './slack-error.ts';
import type { SlackPort } from './slack-port.ts';
import { unlessAborted } from './unless-aborted.ts';

/** Turns what people call a channel into its id. */
export interface ChannelDirectory {
  /**
   * Resolves the id of a channel given as an id, `#name`, `name` or Slack's `<#C…|name>`. Ids cost no call.
   *
   * @throws ChannelNameError for a name that no channel or more than one has
   * @throws SlackError when the list of channels cannot be read
   */
  resolve(reference: string, options?: { signal?: AbortSignal }): Promise<string>;
}

/** A channel's name that does not say which channel is meant. */
export class ChannelNameError extends Error {
  readonly code = 'unknown_channel';
  /** Names or ids that may have been meant, nearest first. */
  readonly candidates: readonly string[];

  constructor(message: string, candidates: readonly string[]) {
    super(message);
    this.name = 'ChannelNameError';
    this.candidates = candidates;
  }
}

/** Options of `createChannelDirectory`. */
export interface ChannelDirectoryOptions {
  slack: SlackPort;
  /** Milliseconds after which a name that is not known is looked up again. Default 60000. */
  refreshAfterMs?: number;
}

type IdsByName = ReadonlyMap<string, readonly string[]>;

/** Slack's own ids are upper case, names of channels never are. */
const ID = /^[CDGUW][A-Z0-9]{5,}$/;
const MENTION = /^<#([CDG][A-Z0-9]{5,})(?:\|[^>]*)?>$/;
const PAGE_SIZE = 999;

/** Names are read from Slack when the first one is asked for, and kept. */
export function createChannelDirectory({ slack, refreshAfterMs = 60_000 }: ChannelDirectoryOptions): ChannelDirectory {
  let names: IdsByName | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<IdsByName> | undefined;

  /** One reading serves all who wait, so that none of them can end it for the others. */
  function read(): Promise<IdsByName> {
    reading ??= listChannels(slack)
      .then((read) => {
        readAt = performance.now();
        names = read;
        return read;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  return {
    async resolve(reference, { signal } = {}) {
      const wanted = reference.trim();
      if (ID.test(wanted)) return wanted;
      const mentioned = MENTION.exec(wanted)?.[1];
      if (mentioned !== undefined) return mentioned;
      const name = wanted.replace(/^#/, '').toLowerCase();

      let known = names;
      if (known?.has(name) !== true && (known === undefined || performance.now() - readAt >= refreshAfterMs)) {
        known = await unlessAborted(read(), signal);
      }
      const ids = known?.get(name) ?? [];
      if (ids.length === 1 && ids[0] !== undefined) return ids[0];
      throw ids.length === 0 ? unknown(wanted, nearestNames(name, known?.keys() ?? [])) : ambiguous(wanted, ids);
    },
  };
}

async function listChannels(slack: SlackPort): Promise<IdsByName> {
  try {
    return await listAll(slack, 'public_channel,private_channel');
  } catch (error) {
    // Without groups:read the public channels can still be named.
    if (!(error instanceof SlackApiError) || error.slackError !== 'missing_scope') throw error;
    return await listAll(slack, 'public_channel');
  }
}

async function listAll(slack: SlackPort, types: string): Promise<IdsByName> {
  const names = new Map<string, string[]>();
  let cursor = '';
  do {
    const page = await slack.call('conversations.list', {
      types,
      exclude_archived: true,
      limit: PAGE_SIZE,
      ...(cursor === '' ? {} : { cursor }),
    });
    for (const { id, name } of (page['channels'] ?? []) as JsonObject[]) {
      if (typeof id !== 'string' || typeof name !== 'string') continue;
      const ids = names.get(name);
      if (ids === undefined) names.set(name, [id]);
      else ids.push(id);
    }
    cursor = String((page['response_metadata'] as JsonObject | undefined)?.['next_cursor'] ?? '');
  } while (cursor !== '');
  return names;
}

function unknown(reference: string, candidates: readonly string[]): ChannelNameError {
  const nearest = candidates.length === 0 ? '' : ` Nearest: ${candidates.map((name) => `#${name}`).join(', ')}.`;
  return new ChannelNameError(
    `No channel is named ${JSON.stringify(reference)} among those the bot can see.${nearest} Use one of its names, or the channel's id (like C0123456789): archived channels and direct messages have only that. Private channels are seen once the bot is invited.`,
    candidates,
  );
}

function ambiguous(reference: string, ids: readonly string[]): ChannelNameError {
  return new ChannelNameError(
    `Several channels are named ${JSON.stringify(reference)}: ${ids.join(', ')}. Use the id of the one that is meant.`,
    ids,
  );
}
