import { type Address, parseAddresses, type Refuse } from '@slack-mcp/core/backend';

const DEFAULT_PORT = 9_092;

/**
 * Parses a list of bootstrap servers in the form `host:port`, separated by commas.
 *
 * @throws ConfigurationError - an address is invalid; the message, created by `refuse`, never contains a part of the text
 */
export function parseBrokers(items: readonly string[], refuse: Refuse): readonly Address[] {
  if (items.length === 0) throw refuse('is empty');
  return parseAddresses(items, DEFAULT_PORT, refuse);
}
