import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { ProxySettings } from './proxy-settings.ts';

/** Connections to one host beyond which requests wait for a free one: a Slack that hangs takes no more descriptors. */
const MAX_CONNECTIONS = 256;

/** Sends requests, through proxies if there are any. HTTP/1.1 only: the upgrade to a WebSocket needs it. */
export function createDispatcher(proxy: ProxySettings | undefined): Dispatcher {
  const options = { allowH2: false, connections: MAX_CONNECTIONS };
  return proxy === undefined ? new Agent(options) : createProxyAgent(proxy, options);
}

/** Sends requests through proxies. */
export function createProxyAgent(
  { httpsProxy, httpProxy, noProxy }: ProxySettings,
  options: { allowH2?: boolean; connections?: number } = {},
): EnvHttpProxyAgent {
  // Given as empty, a proxy is not looked for in the environment of the process.
  return new EnvHttpProxyAgent({
    ...options,
    httpsProxy: httpsProxy ?? '',
    httpProxy: httpProxy ?? '',
    noProxy: noProxy ?? '',
  });
}
