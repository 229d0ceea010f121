/** Options of `createFaultProxy`. */
export interface FaultProxyOptions {
  /** Where connections lead; may be set later. */
  target?: { readonly port: number; readonly host?: string };
  /** Default: any free port. */
  port?: number;
}
