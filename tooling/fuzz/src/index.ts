export { fuzzIngress } from './ingress/fuzz-ingress.ts';
export { fuzzMcp } from './mcp/fuzz-mcp.ts';
export type { FuzzOptions, FuzzResult, FuzzTarget } from './result.ts';
