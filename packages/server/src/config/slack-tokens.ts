import { isPlaceholder } from './placeholder.ts';
import type { SettingsReader } from './settings-reader.ts';

/** A kind of token: what it looks like, and how that is said. */
export interface TokenKind {
  readonly pattern: RegExp;
  readonly prefixes: string;
}

/** What takes the place of a bot token; one of a user, too. */
export const BOT_TOKEN: TokenKind = {
  pattern: /^(xoxb-|xoxp-|xoxe\.xoxb-|xoxe\.xoxp-)[A-Za-z0-9-]+$/,
  prefixes: 'xoxb-, xoxp- or xoxe.',
};

export const USER_TOKEN: TokenKind = { pattern: /^(xoxp-|xoxe\.xoxp-)[A-Za-z0-9-]+$/, prefixes: 'xoxp- or xoxe.xoxp-' };

export const APP_TOKEN: TokenKind = { pattern: /^xapp-[A-Za-z0-9-]+$/, prefixes: 'xapp-' };

/**
 * @param name - of a variable, declared or not: some end in the name of a workspace
 * @throws ConfigurationError - another kind of token, or none at all
 */
export function readToken(reader: SettingsReader, name: string, { pattern, prefixes }: TokenKind): string | undefined {
  const token = reader.env.source[name]?.trim() || undefined;
  if (token !== undefined && isPlaceholder(token)) {
    throw reader.error(name, `holds the placeholder of an example: put the token of your Slack app in its place`);
  }
  if (token === undefined || pattern.test(token)) return token;
  if (token.startsWith('xapp-')) throw reader.error(name, `is an app-level token; it must begin with ${prefixes}`);
  if (token.startsWith('xoxe-')) throw reader.error(name, `is a refresh token; it must begin with ${prefixes}`);
  throw reader.error(name, `is not a Slack token of the kind that begins with ${prefixes}`);
}
