import { describe, expect, test } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { hasSamples, samples } from './support/slack-samples.ts';
import { DEADLINE, workplace } from './support/workplace.ts';

describe.skipIf(!hasSamples)('Slack’s own samples (../shared/slack-samples is not beside the repository)', () => {
  describeBackends('come out of the queue as they went in', 'everywhere', (harness) => {
    test('every one, with its typed handler called, equal as JSON, the order of its keys included', async () => {
      const all = [...samples('events'), ...samples('interactivity')];
      const place = workplace(harness);
      const seen = new Map<string, string>();
      const named: string[] = [];
      const unknown: string[] = [];
      const consumer = place.consumer();
      consumer.any(({ metadata, envelope }) => seen.set(metadata.messageId, JSON.stringify(envelope)));
      consumer.unknown(({ metadata }) => unknown.push(metadata.messageId));
      for (const type of new Set(samples('events').map(([, { event }]) => (event as { type: string }).type))) {
        consumer.on(type as 'message', (_event, { metadata }) => named.push(metadata.messageId));
      }
      for (const method of ['command', 'action', 'view', 'shortcut', 'options'] as const) {
        consumer[method]('', (_data: unknown, { metadata }: { metadata: { messageId: string } }) => {
          named.push(metadata.messageId);
        });
      }
      consumer.view('', { closed: true }, (_view, { metadata }) => named.push(metadata.messageId));
      await consumer.start();
      for (const [messageId, payload] of all) await place.backend.publish('slack_events', payload, { messageId });
      await expect.poll(() => place.logger.named('event_handled'), DEADLINE).toHaveLength(all.length);
      expect(Object.fromEntries(seen)).toEqual(
        Object.fromEntries(all.map(([name, payload]) => [name, JSON.stringify(payload)])),
      );
      expect(unknown).toEqual([]);
      expect(new Set(named)).toEqual(new Set(all.map(([name]) => name)));
    });
  });
});
