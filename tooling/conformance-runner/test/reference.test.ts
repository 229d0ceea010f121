import { describeConformance } from '../src/describe-conformance.ts';
import { loadMemory } from '../src/find-harnesses.ts';
import { referenceHarness } from '../src/reference/reference-harness.ts';

// What a broken backend fails, the reference backend beside it must pass: else the property would be at fault.
const load = async () => referenceHarness(await loadMemory());

describeConformance({ name: 'reference', load }, { scale: 0.05 });
