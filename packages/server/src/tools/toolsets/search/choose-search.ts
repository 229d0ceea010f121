import { SlackApiError } from '@slack-mcp/slack';
import type { ToolContext } from '../../tool-context.ts';
import { type FoundMatches, readMatches, type SearchCursor, type SearchMethod } from './read-matches.ts';

/** The scope of `search.messages` and `search.files`. */
export const SEARCH_SCOPE = 'search:read';

/** The two methods of searching. */
export interface SearchMethods<Item> {
  /** The search with numbered pages, which needs `SEARCH_SCOPE`. */
  readonly byPages: SearchMethod<Item>;
  /** Creates the search that needs one of `realTimeScopes`. */
  realTime(scopes: readonly string[]): SearchMethod<Item>;
  readonly realTimeScopes: readonly string[];
}

/**
 * Searches with the method that the scopes of the user token allow. If a token allows both methods, uses the numbered
 * pages, which cover all conversations of the token's owner. While the scopes are unknown, tries the numbered pages
 * first, because any answer from Slack reports the scopes.
 */
export async function searchWithScopes<Item>(
  { byPages, realTime, realTimeScopes }: SearchMethods<Item>,
  from: SearchCursor,
  context: ToolContext,
): Promise<FoundMatches<Item>> {
  const realTimeOnly = (): readonly string[] | undefined => {
    const granted = context.slack.grantedScopes('user');
    const suits = granted?.some((scope) => realTimeScopes.includes(scope)) === true;
    return suits && !granted?.includes(SEARCH_SCOPE) ? granted : undefined;
  };
  const scopes = realTimeOnly();
  if (scopes !== undefined) return readMatches(realTime(scopes), from, context);
  try {
    return await readMatches(byPages, from, context);
  } catch (error) {
    const reported = realTimeOnly();
    if (reported === undefined || !(error instanceof SlackApiError) || error.slackError !== 'missing_scope')
      throw error;
    return readMatches(realTime(reported), from, context);
  }
}
