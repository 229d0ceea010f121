import { SlackApiError } from '@slack-mcp/slack';
import type { ToolFailure } from './tool-result.ts';

/** Scopes of older kinds of apps, each of which stands for many. */
const BROAD: ReadonlySet<string> = new Set(['bot', 'client', 'read', 'post', 'chat:write:bot', 'chat:write:user']);

/**
 * Finds out that a tool can do nothing with the scopes of a token, before Slack is asked in vain.
 *
 * @param scopes - any of them is enough
 * @param granted - undefined while they are not known
 */
export function missingScope(
  scopes: readonly string[],
  granted: readonly string[] | undefined,
): ToolFailure | undefined {
  if (granted === undefined || scopes.length === 0) return undefined;
  if (granted.some((scope) => scopes.includes(scope) || BROAD.has(scope))) return undefined;
  const needed = scopes.join(' or ');
  const provided = granted.join(',');
  const { nextStep } = new SlackApiError('', 'missing_scope', { needed, provided });
  return {
    code: 'missing_scope',
    message: `the token lacks the scope ${needed}. ${nextStep}`,
    details: { needed, provided },
  };
}
