/** Options of `createFaultProxy`. */
export interface FaultProxyOptions {
  /** The address to connect to. Can be set later. */
  target?: { readonly port: number; readonly host?: string };
  /** Default: any free port. */
  port?: number;
}
