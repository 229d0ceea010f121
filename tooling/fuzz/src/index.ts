export { fuzzIngress } from './ingress/fuzz-ingress.ts';
export type { FuzzOptions, FuzzResult, FuzzTarget } from './result.ts';
