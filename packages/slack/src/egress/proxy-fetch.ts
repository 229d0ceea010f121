/** Proxies by protocol, as in `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. */
export interface ProxySettings {
  readonly httpsProxy?: string;
  readonly httpProxy?: string;
  /** Hosts that are reached without one, separated by commas. */
  readonly noProxy?: string;
}

/** A `fetch` through proxies. What it needs is loaded with the first call: few have a proxy. */
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
