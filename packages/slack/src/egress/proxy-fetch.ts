import type { ProxySettings } from './proxy-settings.ts';

/**
 * Creates a `fetch` that uses proxies. The first call loads the proxy library, because few installations have a proxy.
 */
export function createProxyFetch(settings: ProxySettings): typeof fetch {
  let loading: Promise<typeof fetch> | undefined;
  return async (...args) => {
    loading ??= load(settings);
    return (await loading)(...args);
  };
}

async function load(settings: ProxySettings): Promise<typeof fetch> {
  const { fetch: send } = await import('undici');
  const { createProxyAgent } = await import('./proxy-agent.ts');
  const dispatcher = createProxyAgent(settings);
  return ((url, init) => send(url as string, { ...(init as object), dispatcher })) as typeof fetch;
}
