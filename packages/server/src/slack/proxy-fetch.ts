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

async function load({ httpsProxy, httpProxy, noProxy }: ProxySettings): Promise<typeof fetch> {
  const { EnvHttpProxyAgent, fetch: send } = await import('undici');
  // Given as empty, a proxy is not looked for in the environment of the process.
  const dispatcher = new EnvHttpProxyAgent({
    httpsProxy: httpsProxy ?? '',
    httpProxy: httpProxy ?? '',
    noProxy: noProxy ?? '',
  });
  return ((url, init) => send(url as string, { ...(init as object), dispatcher })) as typeof fetch;
}
