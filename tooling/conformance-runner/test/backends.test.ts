import { properties } from '@slack-mcp/conformance';
import { describeConformance } from '../src/describe-conformance.ts';
import { findHarnesses, findVariants } from '../src/find-harnesses.ts';

/** The sections that depend on the setting of a variant. */
const SECTIONS = ['retry', 'dead-letter', 'crash'];

for (const entry of findHarnesses()) describeConformance(entry, { scale: 0.1 });

const varying = properties.filter(({ section }) => SECTIONS.includes(section));
for (const entry of findVariants()) describeConformance(entry, { scale: 0.1 }, varying);
