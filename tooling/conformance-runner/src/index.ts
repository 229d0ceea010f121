export { findHarnesses, type HarnessEntry, loadMemory } from './find-harnesses.ts';
export { readGuarantees, renderGuarantees } from './guarantees.ts';
export { loadHarness } from './load-harness.ts';
