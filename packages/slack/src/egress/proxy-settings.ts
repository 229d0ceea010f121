/** Proxies by protocol, as in `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. */
export interface ProxySettings {
  readonly httpsProxy?: string;
  readonly httpProxy?: string;
  /** Comma-separated hosts to connect to without a proxy. */
  readonly noProxy?: string;
}
