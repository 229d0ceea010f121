import { describeConformance } from '../src/describe-conformance.ts';
import { findHarnesses } from '../src/find-harnesses.ts';

for (const { name, load } of findHarnesses()) describeConformance(name, load, { scale: 0.1 });
