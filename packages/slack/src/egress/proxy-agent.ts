import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { ProxySettings } from './proxy-settings.ts';

/**
 * Maximum connections to one host; further requests wait. This limits the file descriptors that an unresponsive Slack
 * can exhaust.
 */
const MAX_CONNECTIONS = 256;

/**
 * Creates a dispatcher that uses proxies, if there are any. HTTP/1.1 only, because the upgrade to a WebSocket requires
 * it.
 */
export function createDispatcher(proxy: ProxySettings | undefined): Dispatcher {
  const options = { allowH2: false, connections: MAX_CONNECTIONS };
  return proxy === undefined ? new Agent(options) : createProxyAgent(proxy, options);
}

/** Creates a dispatcher that uses proxies. */
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
