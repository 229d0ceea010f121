import { type ConformanceHarness, properties, runConformance } from '@slack-mcp/conformance';
import { expect, test } from 'vitest';
import { loadMemory } from '../src/find-harnesses.ts';
import type { ReferenceBackend, ReferenceOptions } from '../src/reference/reference-backend.ts';
import { referenceHarness } from '../src/reference/reference-harness.ts';
import { AmqpLikeBackend } from './throwaway/amqp-like.ts';
import { KafkaLikeBackend } from './throwaway/kafka-like.ts';

// The cut between the publishing machine and a broker must fit brokers that answer as these do.
const ids = properties.map(({ id }) => id).filter((id) => /publish|^payload\.|^flow\.|close-flushes|closed/.test(id));

test.for([
  ['kafkajs', KafkaLikeBackend],
  ['an AMQP channel with confirms', AmqpLikeBackend],
] as const)(
  'a publisher over what answers as %s passes the properties of publishing',
  { timeout: 600_000 },
  async ([_, Backend]) => {
    const results = await judge(Backend);
    const failed = results.filter(({ status }) => status === 'failed' || status === 'not-run');
    expect(failed).toEqual([]);
    const passed = results.filter(({ status }) => status === 'passed').map(({ id }) => id);
    for (const id of ids.filter((each) => each.startsWith('network.publish'))) expect(passed).toContain(id);
  },
);

async function judge(Backend: new (options: ReferenceOptions) => ReferenceBackend) {
  const harness: ConformanceHarness = referenceHarness(await loadMemory(), (options) => new Backend(options));
  // Unordered messages lie on any partition, and a nacked one comes behind those that were stored meanwhile.
  const capabilities = { ...harness.capabilities, ordering: 'ordering-key' } as const;
  const settings = { only: ids, scale: 0.05, deadlineMs: 60_000 };
  // A request that failed for one partition is sent again for each: what the machine has under way may be stored twice.
  return (await runConformance({ ...harness, capabilities, maxUnconfirmed: 2 * 1_024 }, settings)).properties;
}
