import { describeConformance } from '../src/describe-conformance.ts';
import { findHarnesses } from '../src/find-harnesses.ts';

for (const entry of findHarnesses()) describeConformance(entry, { scale: 0.1 });
