import type { JsonObject } from '@slack-mcp/core';
import { SlackApiError, SlackError, type SlackPort, unlessAborted } from '@slack-mcp/slack';
import { decodeEntities } from '../messages/readable-text.ts';
import type { Named } from './names.ts';
import { namedUser } from './read-names.ts';

/** The names of a user. */
export interface UserCard extends Named {
  /** The name that people see for this user. */
  readonly readable: string;
  /** Whether the user is deactivated. */
  readonly isDeactivated: boolean;
}

/** Looks up individual users in Slack and caches them for a limited time. */
export interface UserCards {
  /**
   * Returns one user, or undefined if Slack's answer contains no user.
   *
   * @param maxAgeMs - the maximum age of a cached user, in milliseconds
   * @throws SlackError
   */
  card(id: string, options: { maxAgeMs: number; signal?: AbortSignal | undefined }): Promise<UserCard | undefined>;
  /** Returns the readable names of users that can be found within a short time. Never rejects. */
  namesOf(ids: Iterable<string>, signal?: AbortSignal): Promise<ReadonlyMap<string, string>>;
}

const REMEMBER_MS = 10 * 60_000;
const MOST_KEPT = 10_000;

/**
 * Maximum number of users to look up for one answer, and maximum time to wait. The limits are low because readable
 * names are only a convenience.
 */
const MOST_ASKED = 30;
const WAIT_MS = 2_000;

/** Creates a lookup for users. No request is sent until a user is requested. */
export function createUserCards(slack: SlackPort): UserCards {
  const known = new Map<string, { card: Promise<UserCard | undefined>; at: number }>();
  let restUntil = Number.NEGATIVE_INFINITY;

  /** Requests a user. All callers share one request, and a caller cannot cancel the request for the others. */
  async function read(id: string): Promise<UserCard | undefined> {
    const { user } = await slack.call('users.info', { user: id });
    return cardOf(user as JsonObject | undefined);
  }

  async function card(
    id: string,
    { maxAgeMs, signal }: { maxAgeMs: number; signal?: AbortSignal | undefined },
  ): Promise<UserCard | undefined> {
    const remembered = known.get(id);
    if (remembered !== undefined && performance.now() - remembered.at < maxAgeMs) {
      return unlessAborted(remembered.card, signal);
    }
    const asked = read(id);
    if (known.size >= MOST_KEPT) known.clear();
    known.set(id, { card: asked, at: performance.now() });
    asked.catch(() => known.delete(id));
    return unlessAborted(asked, signal);
  }

  return {
    card,
    async namesOf(ids, signal) {
      const names = new Map<string, string>();
      if (performance.now() < restUntil) return names;
      const limit = AbortSignal.timeout(WAIT_MS);
      const options = {
        maxAgeMs: REMEMBER_MS,
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      };
      await Promise.all(
        [...new Set(ids)].slice(0, MOST_ASKED).map(async (id) => {
          try {
            const found = await card(id, options);
            if (found !== undefined && found.readable !== '') names.set(id, found.readable);
          } catch (error) {
            // A missing scope or a rate limit would also affect the next answer.
            if (error instanceof SlackError && !isUnknown(error)) restUntil = performance.now() + 60_000;
          }
        }),
      );
      return names;
    },
  };
}

function isUnknown(error: SlackError): boolean {
  return error instanceof SlackApiError && error.slackError === 'user_not_found';
}

function cardOf(user: JsonObject | undefined): UserCard | undefined {
  // The messages of a deactivated user stay.
  const named = user === undefined ? undefined : namedUser({ ...user, deleted: false });
  if (user === undefined || named === undefined) return undefined;
  const profile = (user['profile'] ?? {}) as JsonObject;
  const readable = [profile['display_name'], user['real_name'], profile['real_name'], user['name']].find(
    (name): name is string => typeof name === 'string' && name !== '',
  );
  return { ...named, readable: decodeEntities(readable ?? ''), isDeactivated: user['deleted'] === true };
}
