import { type Address, parseAddresses, type Refuse } from '@slack-mcp/core/backend';

const DEFAULT_PORT = 9_092;

/**
 * Parses a list of bootstrap servers: `host:port`, separated by commas.
 *
 * @throws ConfigurationError - created by `refuse`; the message never contains a part of the text
 */
export function parseBrokers(items: readonly string[], refuse: Refuse): readonly Address[] {
  if (items.length === 0) throw refuse('is empty');
  return parseAddresses(items, DEFAULT_PORT, refuse);
}
