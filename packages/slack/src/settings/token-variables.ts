import type { ConfigurationError, EnvReader } from '@slack-mcp/core';
import { isPlaceholder } from './placeholder.ts';

/** Where settings are read from. */
export interface SettingsSource {
  readonly env: EnvReader;
  /** The error of a rule: `problem` goes on after the name of the variable, or of the flag given in its place. */
  error(variable: string, problem: string): ConfigurationError;
}

/** A kind of token: what it looks like, and how that is said. */
export interface TokenPattern {
  readonly pattern: RegExp;
  readonly prefixes: string;
}

/** What takes the place of a bot token; one of a user, too. */
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
 * @param name - of a variable, declared or not: some end in the name of a workspace
 * @throws ConfigurationError - another kind of token, or not a token
 */
export function readTokenVariable(
  { env, error }: SettingsSource,
  name: string,
  { pattern, prefixes }: TokenPattern,
): string | undefined {
  const token = env.source[name]?.trim() || undefined;
  if (token !== undefined && isPlaceholder(token)) {
    throw error(name, 'holds the placeholder of an example: put the token of your Slack app in its place');
  }
  if (token === undefined || pattern.test(token)) return token;
  if (token.startsWith('xapp-')) throw error(name, `is an app-level token; it must begin with ${prefixes}`);
  if (token.startsWith('xoxe-')) throw error(name, `is a refresh token; it must begin with ${prefixes}`);
  throw error(name, `is not a Slack token of the kind that begins with ${prefixes}`);
}
