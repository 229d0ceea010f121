import type { ConformanceHarness } from '@slack-mcp/conformance';
import { createHarness as createDefaultHarness, type HarnessOptions } from './conformance-harness.ts';

/** The harness with which the conformance suite runs the Kafka backend that moves nacked messages to another topic. */
export function createHarness(options: Omit<HarnessOptions, 'retryMode'> = {}): Promise<ConformanceHarness> {
  return createDefaultHarness({ ...options, retryMode: 'topic' });
}
