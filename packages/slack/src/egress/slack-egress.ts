import type { Dispatcher } from '../foreign-types.ts';
import type { Exchange, Exchanged, ExchangeRequest } from './exchange.ts';
import type { ProxySettings } from './proxy-settings.ts';
import { readApiUrl, SLACK_API_URL } from './slack-hosts.ts';

/** Options of `createSlackEgress`. */
export interface SlackEgressOptions {
  /** Base URL of the Web API. Default `https://slack.com/api/`. */
  readonly apiUrl?: string | undefined;
  /** Default: no proxy. */
  readonly proxy?: ProxySettings | undefined;
}

/**
 * The network path to Slack. Calls of the Web API, posts to a `response_url` and Socket Mode share the same allowed
 * hosts, proxies and connections.
 */
export interface SlackEgress {
  /** Base URL of the Web API, with a trailing slash. */
  readonly apiUrl: string;
  /** Sends one POST request and reads the answer. Does not follow redirects. */
  post(request: ExchangeRequest & { readonly body: string | Uint8Array }): Promise<Exchanged>;
  /** Sends one GET request and reads the answer. Does not follow redirects. */
  get(request: Omit<ExchangeRequest, 'body'>): Promise<Exchanged>;
  /**
   * Resolves with a dispatcher that uses the proxies, for other protocols such as WebSocket. Resolves with undefined if
   * there are no proxies.
   */
  proxyDispatcher(): Promise<Dispatcher | undefined>;
}

/**
 * Creates the network path to Slack without opening a connection. The first request loads the HTTP client, so that
 * servers start faster.
 *
 * @throws ConfigurationError - `apiUrl` would send tokens unencrypted, or is not a base URL
 */
export function createSlackEgress({ apiUrl = SLACK_API_URL, proxy }: SlackEgressOptions = {}): SlackEgress {
  const base = readApiUrl(apiUrl);
  let loading: Promise<{ dispatcher: Dispatcher; exchange: Exchange }> | undefined;

  async function load(): Promise<{ dispatcher: Dispatcher; exchange: Exchange }> {
    const { createDispatcher } = await import('./proxy-agent.ts');
    const { createExchange } = await import('./exchange.ts');
    const dispatcher = createDispatcher(proxy);
    return { dispatcher, exchange: createExchange(dispatcher) };
  }

  async function exchange(request: ExchangeRequest): Promise<Exchanged> {
    loading ??= load();
    return (await loading).exchange(request);
  }

  return {
    apiUrl: base,
    post: exchange,
    get: exchange,
    proxyDispatcher: async () => {
      if (proxy === undefined) return undefined;
      loading ??= load();
      return (await loading).dispatcher;
    },
  };
}
