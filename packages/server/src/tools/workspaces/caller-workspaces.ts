import type { Logger } from '@slack-mcp/core';
import { Deadline, readToken, SlackTokenMissingError, TokenSourceError, unlessAborted } from '@slack-mcp/slack';
import type { Caller } from '../caller.ts';
import type { Workspace } from './workspace.ts';
import type { CallOrigin, Workspaces } from './workspaces.ts';

/**
 * Chooses the Slack token for a caller's tools. If the function returns `undefined`, `null` or an empty string, the
 * server uses its own token. The tool call is refused if the function throws, returns any other value that is not a
 * string, or takes longer than ten seconds.
 *
 * @param team - the name of the workspace, if the server uses several workspaces
 */
export type SlackTokenFor = (
  caller: Caller,
  team: string | undefined,
) => string | null | undefined | Promise<string | null | undefined>;

/** Options of `withCallersTokens`. */
export interface CallerWorkspacesOptions {
  tokenFor: SlackTokenFor;
  /** Opens the workspace of a token, without any calls to Slack. */
  open(token: string, name: string | undefined): Workspace;
  /**
   * Maximum number of workspaces with a caller's token that are open at once. The workspace that has been unused for
   * the longest time is closed first. Default: 100.
   */
  max?: number;
  /**
   * Milliseconds for which a caller's token is used before the token is chosen again. Default: 5 minutes.
   */
  ttlMs?: number;
  /** Maximum time in milliseconds to choose a token. Default: 10 seconds. */
  timeoutMs?: number;
  logger: Logger;
}

/**
 * Gives each caller that has its own Slack token a separate workspace, with separate limits, names and idempotency
 * keys.
 */
export function withCallersTokens(shared: Workspaces, options: CallerWorkspacesOptions): Workspaces {
  const { tokenFor, open, max = 100, ttlMs = 5 * 60_000, timeoutMs = 10_000, logger } = options;
  const choices = new Map<string, { token: Promise<string | undefined>; chosenAt: number }>();
  const opened = new Map<string, Workspace>();

  async function ask(caller: Caller, team: string | undefined): Promise<string | undefined> {
    const late = new TokenSourceError(
      `slackTokenFor took longer than ${timeoutMs} ms: return the token sooner, for example from a cache`,
    );
    using deadline = new Deadline(timeoutMs, undefined, late);
    const asked = (async () => tokenFor(caller, team))();
    return readToken('slackTokenFor', await unlessAborted(asked, deadline.signal));
  }

  function choose(caller: Caller, team: string | undefined): Promise<string | undefined> {
    const key = JSON.stringify([team, caller.id]);
    const known = choices.get(key);
    if (known !== undefined && performance.now() - known.chosenAt < ttlMs) return known.token;
    const token = ask(caller, team).catch((error: unknown) => {
      // The cause may be gone at the next call. Log only our own error texts: others may contain secrets.
      choices.delete(key);
      const { name, message } = error instanceof Error ? error : { name: typeof error, message: '' };
      const reason = error instanceof TokenSourceError ? { reason: message } : {};
      logger.warn({ caller: caller.id, error: name, ...reason }, 'mcp_token_not_chosen');
      throw new SlackTokenMissingError('any method', { cause: error });
    });
    putLast(choices, key, { token, chosenAt: performance.now() }, 10 * max);
    return token;
  }

  function workspaceOf(token: string, name: string | undefined): Workspace {
    const key = JSON.stringify([name, token]);
    const workspace = opened.get(key) ?? open(token, name);
    for (const unused of putLast(opened, key, workspace, max)) unused.close();
    return workspace;
  }

  async function ofCaller(caller: Caller, common: Workspace | Promise<Workspace>): Promise<Workspace> {
    const workspace = await common;
    const token = await choose(caller, workspace.name);
    return token === undefined ? workspace : workspaceOf(token, workspace.name);
  }

  return {
    names: shared.names,
    of(origin: CallOrigin) {
      const workspace = shared.of(origin);
      const { caller, signal } = origin;
      return caller === undefined ? workspace : unlessAborted(ofCaller(caller, workspace), signal);
    },
    close() {
      for (const workspace of opened.values()) workspace.close();
      opened.clear();
      shared.close();
    },
  };
}

/** Puts an entry at the end of a map. Returns the entries that were removed from the front because the map was full. */
function putLast<Value>(map: Map<string, Value>, key: string, value: Value, max: number): Value[] {
  map.delete(key);
  map.set(key, value);
  const left: Value[] = [];
  for (const [oldest, unused] of map) {
    if (map.size <= max) break;
    map.delete(oldest);
    left.push(unused);
  }
  return left;
}
