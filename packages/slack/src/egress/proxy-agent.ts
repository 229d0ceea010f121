import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { ProxySettings } from './proxy-settings.ts';

/**
 * Maximum number of connections to one host, so that an unresponsive Slack cannot exhaust the file descriptors. Further
 * requests wait for a free connection.
 */
const MAX_CONNECTIONS = 256;

/**
 * Creates a dispatcher that uses the configured proxies, if any. The dispatcher uses only HTTP/1.1, because the upgrade
 * to a WebSocket requires it.
 */
export function createDispatcher(proxy: ProxySettings | undefined): Dispatcher {
  const options = { allowH2: false, connections: MAX_CONNECTIONS };
  return proxy === undefined ? new Agent(options) : createProxyAgent(proxy, options);
}

/** Creates a dispatcher that uses the configured proxies. */
export function createProxyAgent(
  { httpsProxy, httpProxy, noProxy }: ProxySettings,
  options: { allowH2?: boolean; connections?: number } = {},
): EnvHttpProxyAgent {
  // An empty string keeps the agent from reading the proxy from the process environment.
  return new EnvHttpProxyAgent({
    ...options,
    httpsProxy: httpsProxy ?? '',
    httpProxy: httpProxy ?? '',
    noProxy: noProxy ?? '',
  });
}
