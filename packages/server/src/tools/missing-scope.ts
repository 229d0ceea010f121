import { SlackApiError, type TokenKind } from '@slack-mcp/slack';
import type { ToolFailure } from './tool-result.ts';

/** Broad scopes of legacy apps. A broad scope includes many newer scopes. */
const BROAD: ReadonlySet<string> = new Set(['bot', 'client', 'read', 'post', 'chat:write:bot', 'chat:write:user']);

/**
 * Detects that a token's scopes are not enough for a tool, without a call to Slack.
 *
 * @param scopes - alternative scopes; the tool needs only one of them
 * @param granted - the scopes of the token; undefined while unknown
 * @param kind - the kind of the token; default `bot`
 */
export function missingScope(
  scopes: readonly string[],
  granted: readonly string[] | undefined,
  kind: TokenKind = 'bot',
): ToolFailure | undefined {
  if (granted === undefined || scopes.length === 0) return undefined;
  if (granted.some((scope) => scopes.includes(scope) || BROAD.has(scope))) return undefined;
  const needed = scopes.join(' or ');
  const provided = granted.join(',');
  const error = new SlackApiError('', 'missing_scope', { needed, provided });
  error.actedAs = kind;
  return {
    code: 'missing_scope',
    message: `the token lacks the scope ${needed}. ${error.nextStep}`,
    details: { needed, provided },
  };
}
