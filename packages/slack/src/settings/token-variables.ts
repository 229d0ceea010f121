import type { ConfigurationError, EnvReader } from '@slack-mcp/core';
import { isPlaceholder } from './placeholder.ts';

/** The environment from which settings are read. */
export interface SettingsSource {
  readonly env: EnvReader;
  /** Creates an error. Its message is the name of the variable, or of the flag that set it, followed by `problem`. */
  error(variable: string, problem: string): ConfigurationError;
}

/** The pattern of a kind of token, and the prefixes that error messages show. */
export interface TokenPattern {
  readonly pattern: RegExp;
  readonly prefixes: string;
}

/** The tokens that are accepted as a bot token. User tokens are accepted, too. */
export const BOT_TOKEN: TokenPattern = {
  pattern: /^(xoxb-|xoxp-|xoxe\.xoxb-|xoxe\.xoxp-)[A-Za-z0-9-]+$/,
  prefixes: 'xoxb-, xoxp- or xoxe.',
};

export const USER_TOKEN: TokenPattern = {
  pattern: /^(xoxp-|xoxe\.xoxp-)[A-Za-z0-9-]+$/,
  prefixes: 'xoxp- or xoxe.xoxp-',
};

export const APP_TOKEN: TokenPattern = { pattern: /^xapp-[A-Za-z0-9-]+$/, prefixes: 'xapp-' };

/**
 * Reads a token.
 *
 * @param name - the variable, for example `SLACK_BOT_TOKEN` or, for the workspace `acme`, `SLACK_BOT_TOKEN_ACME`
 * @throws ConfigurationError - the value is not a token of this kind
 */
export function readTokenVariable(
  { env, error }: SettingsSource,
  name: string,
  { pattern, prefixes }: TokenPattern,
): string | undefined {
  const token = env.source[name]?.trim() || undefined;
  if (token !== undefined && isPlaceholder(token)) {
    throw error(name, 'contains the placeholder of an example: replace it with the token of your Slack app');
  }
  if (token === undefined || pattern.test(token)) return token;
  if (token.startsWith('xapp-')) throw error(name, `is an app-level token; it must begin with ${prefixes}`);
  if (token.startsWith('xoxe-')) throw error(name, `is a refresh token; it must begin with ${prefixes}`);
  throw error(name, `is not a Slack token that begins with ${prefixes}`);
}
