import type { ConformanceHarness } from '@slack-mcp/conformance';
import { payloadOf } from '@slack-mcp/core';
import { expect, test } from 'vitest';
import { brokenBackends } from '../src/broken/index.ts';
import { loadMemory } from '../src/find-harnesses.ts';
import { checkModel } from '../src/model/check-model.ts';
import { wrapBackend } from '../src/wrap.ts';

const seed = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

test(`memory does what the model says (repeat with FC_SEED=${seed})`, async () => {
  console.info(`FC_SEED=${seed}`);
  await checkModel(await loadMemory(), { seed, runs: 1000 });
});

// A model that finds no fault in these would find none anywhere.
test.for([
  'buffers without a limit',
  'forgets the retryCount',
  'shares one queue between all groups',
  'throws when a message is acked twice',
  'redrives by publishing, which its deduplication drops',
  'ignores abort',
  'acks on return()',
  'stores a messageId twice',
])('the model catches a backend that %s', async (name) => {
  const broken = brokenBackends.find((backend) => backend.name === name);
  const harness = broken?.harness(await loadMemory());
  if (harness === undefined) throw new Error(`there is no broken backend "${name}"`);
  await expect(checkModel(harness, { seed: 1, runs: 3000, deadlineMs: 500, shrink: false })).rejects.toThrow(/seed/);
});

test('reports a lost message in time and with the seed, although each shorter sequence has to wait', async () => {
  const memory = await loadMemory();
  const harness: ConformanceHarness = {
    ...memory,
    create: (options) => {
      const backend = memory.create(options);
      return wrapBackend(backend, {
        publish: async (key, payload, published) =>
          payloadOf(payload)['n'] === 3 ? undefined : backend.publish(key, payload, published),
      });
    },
  };
  const checking = checkModel(harness, { seed: 1, runs: 1000, deadlineMs: 5_000 });
  await expect(checking).rejects.toThrow(/seed: 1[\s\S]*Counterexample/);
});
