import type { Dispatcher } from 'undici';
import type { Exchange, Exchanged, ExchangeRequest } from './exchange.ts';
import type { ProxySettings } from './proxy-settings.ts';
import { readApiUrl, SLACK_API_URL } from './slack-hosts.ts';

/** Options of `createSlackEgress`. */
export interface SlackEgressOptions {
  /** Base of the Web API. Default `https://slack.com/api/`. */
  readonly apiUrl?: string | undefined;
  /** Default: none. */
  readonly proxy?: ProxySettings | undefined;
}

/**
 * The one way out to Slack: what calls the Web API, posts to a `response_url` or opens Socket Mode shares its hosts,
 * proxies and pool of connections.
 */
export interface SlackEgress {
  /** Base of the Web API, with a slash at its end. */
  readonly apiUrl: string;
  /** Sends one POST request and reads the answer. Redirects are not followed. */
  post(request: ExchangeRequest): Promise<Exchanged>;
  /** What sends through its proxies, for a protocol of its own; undefined where there are none. */
  proxyDispatcher(): Promise<Dispatcher | undefined>;
}

/**
 * Opens no connection, and loads the HTTP client at its first request: clients wait while a server starts.
 *
 * @throws ConfigurationError - `apiUrl` would send tokens unencrypted, or is not the base of an API
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

  return {
    apiUrl: base,
    post: async (request) => {
      loading ??= load();
      return (await loading).exchange(request);
    },
    proxyDispatcher: async () => {
      if (proxy === undefined) return undefined;
      loading ??= load();
      return (await loading).dispatcher;
    },
  };
}
