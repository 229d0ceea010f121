export type { ConsumerChild } from './consumer-process.ts';
export type { PropertyContext } from './context.ts';
export type {
  BackendOverrides,
  ConformanceFaults,
  ConformanceHarness,
  ConformanceInspect,
  ConsumerProcess,
  FaultName,
  FaultProxy,
  InvalidEnv,
  OverrideName,
} from './harness.ts';
export { properties } from './properties/index.ts';
export { type Property, type PropertyNeeds, type PropertySection, runsAlone } from './property.ts';
export type { Reader } from './reader.ts';
export {
  type ConformanceOptions,
  type ConformanceReport,
  type PropertyResult,
  type PropertyStatus,
  runConformance,
} from './run.ts';
