import type { BackendCapabilities } from '@slack-mcp/core';
import type { PropertyContext } from './context.ts';
import type { ConformanceInspect, FaultName, OverrideName } from './harness.ts';

/** What a property needs to be judged. */
export interface PropertyNeeds {
  /** The reason why the property does not concern a backend with these capabilities; `undefined` if it does. */
  capabilities?: (capabilities: BackendCapabilities) => string | undefined;
  faults?: readonly FaultName[];
  inspect?: readonly (keyof ConformanceInspect)[];
  overrides?: readonly OverrideName[];
  /** A consumer that can be killed. */
  consumerProcess?: boolean;
  injectRaw?: boolean;
  /** A broker outside the process. */
  scope?: 'network';
}

/** A promise of the contract, as data: its id is stable and names it in reports, docs and code. */
export interface Property {
  readonly id: string;
  /** One sentence that is true of every backend that passes. */
  readonly title: string;
  /** The family, for tables. */
  readonly section: PropertySection;
  readonly needs?: PropertyNeeds;
  /**
   * Looks at the whole process: nothing else may run in it meanwhile, on any backend. Not needed for a property that
   * breaks the broker, as `needs.faults` says that.
   */
  readonly exclusive?: boolean;
  /** Throws when the property does not hold. */
  run(context: PropertyContext): Promise<void>;
}

/** Whether no other property may use the same broker meanwhile. */
export function runsAlone({ exclusive, needs }: Property): boolean {
  return exclusive === true || (needs?.faults?.length ?? 0) > 0;
}

/** The families, in the order in which they are shown. */
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
