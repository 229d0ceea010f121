import { EnvHttpProxyAgent } from 'undici';
import type { ProxySettings } from './proxy-fetch.ts';

/** Sends requests through proxies. */
export function createProxyAgent({ httpsProxy, httpProxy, noProxy }: ProxySettings): EnvHttpProxyAgent {
  // Given as empty, a proxy is not looked for in the environment of the process.
  return new EnvHttpProxyAgent({
    httpsProxy: httpsProxy ?? '',
    httpProxy: httpProxy ?? '',
    noProxy: noProxy ?? '',
  });
}
