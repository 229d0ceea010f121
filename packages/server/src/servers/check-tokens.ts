import type { Logger } from '@slack-mcp/core';
import type { SlackPort } from '@slack-mcp/slack';
import { missingScope } from '../tools/missing-scope.ts';

/** What Slack reports about the token of a workspace. */
export interface TokenFacts {
  readonly team?: string;
  /** The bot or user on whose behalf calls are made. */
  readonly user?: string;
  /** The scopes that offered tools need but the token lacks, separated by commas. */
  readonly missingScopes?: string;
}

/** Options of {@link checkToken}. */
export interface CheckTokenOptions {
  /** For each offered tool, its alternative scopes. A tool needs only one of its alternative scopes. */
  readonly scopes: readonly (readonly string[])[];
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** The name of the workspace, if the server uses several workspaces. */
  readonly workspace?: string | undefined;
}

/**
 * Asks Slack once which user and workspace a token belongs to, and logs the answer. Never rejects; if Slack does not
 * answer, the result is an empty object.
 */
export async function checkToken(port: SlackPort, options: CheckTokenOptions): Promise<TokenFacts> {
  const { scopes, signal, logger, workspace } = options;
  const name = workspace === undefined ? {} : { workspace };
  try {
    const { team, user } = await port.call('auth.test', {}, { signal });
    const granted = port.grantedScopes?.();
    const missing = scopes.filter((own) => missingScope(own, granted) !== undefined).map((own) => own.join(' or '));
    const facts: TokenFacts = {
      ...(typeof team === 'string' ? { team } : {}),
      ...(typeof user === 'string' ? { user } : {}),
      ...(missing.length === 0 ? {} : { missingScopes: [...new Set(missing)].sort().join(', ') }),
    };
    logger[missing.length === 0 ? 'info' : 'warn']({ ...name, ...facts }, 'slack_token_checked');
    return facts;
  } catch (error) {
    const { code, message } = error as Error & { code?: unknown };
    if (!signal.aborted)
      logger.warn({ ...name, reason: message, ...(code ? { code } : {}) }, 'slack_token_not_checked');
    return {};
  }
}
