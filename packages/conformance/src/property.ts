import type { BackendCapabilities } from '@slack-mcp/core';
import type { PropertyContext } from './context.ts';
import type { ConformanceInspect, FaultName, OverrideName } from './harness.ts';

/** What a property needs from the harness and the backend. */
export interface PropertyNeeds {
  /**
   * Returns the reason why the property does not apply to a backend with the given capabilities, or `undefined` if it
   * applies.
   */
  capabilities?: (capabilities: BackendCapabilities) => string | undefined;
  faults?: readonly FaultName[];
  inspect?: readonly (keyof ConformanceInspect)[];
  overrides?: readonly OverrideName[];
  /** Whether the property needs a consumer process that can be killed. */
  consumerProcess?: boolean;
  injectRaw?: boolean;
  /** If `network`, the property needs a broker outside the process. */
  scope?: 'network';
}

/**
 * A guarantee of the contract. The id of a property is stable and identifies the property in reports, documentation and
 * code.
 */
export interface Property {
  readonly id: string;
  /** States the guarantee in one sentence, which is true for every backend that passes. */
  readonly title: string;
  /** The section in which tables list the property. */
  readonly section: PropertySection;
  readonly needs?: PropertyNeeds;
  /**
   * Whether the property inspects the whole process, so that no other property may run in the process at the same time.
   * Not needed for a property with `needs.faults`.
   */
  readonly exclusive?: boolean;
  /** Rejects if the property does not hold. */
  run(context: PropertyContext): Promise<void>;
}

/** Whether a property must run alone, so that no other property uses the same broker at the same time. */
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
