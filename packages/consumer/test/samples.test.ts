import type { JsonObject } from '@slack-mcp/core';
import { sampleSets } from '@slack-mcp/test-support/samples';
import { describe, expect, test } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { DEADLINE, workplace } from './support/workplace.ts';

describe.each(await sampleSets())('payloads of $origin', ({ events, interactions }) => {
  describeBackends('come out of the queue unchanged', 'everywhere', (harness) => {
    test('each reaches its typed handler, equal as JSON, including the order of its keys', async () => {
      const all = [...events, ...interactions].map(({ text }, index) => ({ messageId: `sample-${index}`, text }));
      const place = workplace(harness);
      const seen = new Map<string, string>();
      const named: string[] = [];
      const unknown: string[] = [];
      const take = (_data: unknown, { metadata }: { metadata: { messageId: string } }): void => {
        named.push(metadata.messageId);
      };
      const consumer = place.consumer();
      consumer.any(({ metadata, envelope }) => seen.set(metadata.messageId, JSON.stringify(envelope)));
      consumer.unknown(({ metadata }) => unknown.push(metadata.messageId));
      for (const type of new Set(
        events.map(({ text }) => (JSON.parse(text) as { event: { type: string } }).event.type),
      )) {
        if (type === 'message') consumer.on(type, { own: true, touched: true }, take);
        else consumer.on(type as 'app_mention', take);
      }
      for (const { handler, id } of interactions) {
        if (handler === 'view closed') consumer.view(id, { closed: true }, take);
        else consumer[handler](id, take);
      }
      await consumer.start();
      for (const { messageId, text } of all) {
        await place.backend.publish('slack_events', JSON.parse(text) as JsonObject, { messageId });
      }
      await expect.poll(() => place.logger.named('event_handled'), DEADLINE).toHaveLength(all.length);
      expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(all.map(({ messageId, text }) => [messageId, text])));
      expect(unknown).toEqual([]);
      expect(new Set(named)).toEqual(new Set(all.map(({ messageId }) => messageId)));
    });
  });
});
