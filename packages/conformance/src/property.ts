import type { BackendCapabilities } from '@slack-mcp/core';
import type { PropertyContext } from './context.ts';
import type { ConformanceInspect, FaultName, OverrideName } from './harness.ts';

/** What a property requires from the harness. */
export interface PropertyNeeds {
  /** Returns the reason why the property does not apply to these capabilities, or `undefined` if it applies. */
  capabilities?: (capabilities: BackendCapabilities) => string | undefined;
  faults?: readonly FaultName[];
  inspect?: readonly (keyof ConformanceInspect)[];
  overrides?: readonly OverrideName[];
  /** Needs a consumer process that can be killed. */
  consumerProcess?: boolean;
  injectRaw?: boolean;
  /** Needs a broker outside the process. */
  scope?: 'network';
}

/** A guarantee of the contract. Its id is stable and identifies it in reports, documentation and code. */
export interface Property {
  readonly id: string;
  /** One sentence that is true for every backend that passes. */
  readonly title: string;
  /** The section of the property in tables. */
  readonly section: PropertySection;
  readonly needs?: PropertyNeeds;
  /**
   * Whether the property inspects the whole process, so that nothing else may run in it, on any backend. Not needed for
   * a property with `needs.faults`.
   */
  readonly exclusive?: boolean;
  /** Rejects if the property does not hold. */
  run(context: PropertyContext): Promise<void>;
}

/** Whether no other property may use the same broker at the same time. */
export function runsAlone({ exclusive, needs }: Property): boolean {
  return exclusive === true || (needs?.faults?.length ?? 0) > 0;
}

/** The sections, in display order. */
export type PropertySection =
  | 'contract'
  | 'payload'
  | 'delivery'
  | 'retry'
  | 'dead-letter'
  | 'flow'
  | 'lifecycle'
  | 'crash'
  | 'network';
