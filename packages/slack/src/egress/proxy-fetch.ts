import type { ProxySettings } from './proxy-settings.ts';

/**
 * Creates a `fetch` that uses proxies. The proxy library is loaded with the first call, so that installations without a
 * proxy never load it.
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
