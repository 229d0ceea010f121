export { createSlackPort, type SlackPortOptions } from './create-slack-port.ts';
export { Deadline } from './deadline.ts';
export { createProxyFetch, type ProxySettings } from './proxy-fetch.ts';
export {
  SlackApiError,
  SlackCircuitOpenError,
  SlackError,
  SlackNetworkError,
  SlackRateLimitedError,
  SlackTokenMissingError,
} from './slack-error.ts';
export type { SlackPort } from './slack-port.ts';
export type { TokenProvider } from './slack-tokens.ts';
export { readToken, TokenSourceError } from './token-source-error.ts';
export { unlessAborted } from './unless-aborted.ts';
export { wait } from './wait.ts';
