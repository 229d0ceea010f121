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
  /** Runs alone: it breaks the broker or looks at the whole process. */
  readonly exclusive?: boolean;
  /** Throws when the property does not hold. */
  run(context: PropertyContext): Promise<void>;
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
