/** Proxies by protocol, as in `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. */
export interface ProxySettings {
  readonly httpsProxy?: string;
  readonly httpProxy?: string;
  /** Hosts to connect to without a proxy, separated by commas. */
  readonly noProxy?: string;
}
