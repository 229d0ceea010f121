import { createOps, type Ops } from '@slack-mcp/core/ops';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { DEADLINE, type Workplace, workplace } from './support/workplace.ts';

function observed({ backend, logger }: Workplace): Ops {
  const ops = createOps({ process: 'worker', backend, logger });
  onTestFinished(() => ops.close());
  return ops;
}

const stepsOf = (ops: Ops, id: string): string[] =>
  (ops.recorder.find({ id }, 1)[0]?.entries ?? []).map(({ step, attempt }) => `${step} ${attempt ?? ''}`.trim());

describeBackends('operations', 'everywhere', (harness) => {
  test('the timeline of an event is right through two retries and a redrive', async () => {
    const place = workplace(harness, { groups: ['bot'] });
    const ops = observed(place);
    let works = false;
    const consumer = place.consumer({ retry: { initialDelayMs: 1, jitter: 'none', maxRetries: 2 } });
    consumer.on('message', async () => {
      if (!works) throw new TypeError('a private text');
    });
    await consumer.start();
    await place.publish('Ev1', { headers: { kind: 'message', 'x-slack-event-id': 'Ev1' }, orderingKey: 'C1' });
    const failed = ['attempt 1', 'retry 1', 'attempt 2', 'retry 2', 'attempt 3', 'dead_lettered 3'];
    await vi.waitFor(() => expect(stepsOf(ops, 'Ev1')).toEqual(failed), DEADLINE);
    const letters = place.backend.deadLetters({ group: 'bot' });
    await vi.waitFor(async () => expect((await letters.list()).items).toHaveLength(1), DEADLINE);

    works = true;
    const { id } = ops.jobs.start({ action: 'redrive', group: 'bot', filter: { ids: ['Ev1'] } }, 'operator');
    await vi.waitFor(() => expect(ops.jobs.get(id)).toMatchObject({ status: 'completed', done: 1 }), DEADLINE);
    await vi.waitFor(
      () => expect(stepsOf(ops, 'Ev1')).toEqual([...failed, 'redriven', 'attempt 1', 'handled 1']),
      DEADLINE,
    );
    expect(ops.recorder.find({ channel: 'C1', type: 'message' }, 10)).toMatchObject([
      { messageId: 'Ev1', eventId: 'Ev1', key: 'slack_events', dropped: 0 },
    ]);
    expect(JSON.stringify(ops.recorder.find({}, 10))).not.toContain('private');
    expect(ops.activity.of('bot')).toMatchObject({
      inFlight: 0,
      total: { handled: 1, retried: 2, deadLettered: 1, handedBack: 0 },
    });
  });

  test('a paused consumer receives nothing until it is resumed, and settles what it has', async () => {
    const place = workplace(harness, { groups: ['bot'] });
    const ops = observed(place);
    const handled: string[] = [];
    const gate = Promise.withResolvers<void>();
    const consumer = place.consumer({ drainTimeoutMs: 20_000 });
    consumer.on('message', async (_event, { metadata }) => {
      if (metadata.messageId === 'first') await gate.promise;
      handled.push(metadata.messageId);
    });
    await consumer.start();
    await place.publish('first');
    await vi.waitFor(() => expect(ops.activity.of('bot')).toMatchObject({ inFlight: 1 }), DEADLINE);
    const pausing = consumer.pause();
    expect([consumer.paused, consumer.health().status]).toEqual([true, 'degraded']);
    gate.resolve();
    await pausing;
    expect(handled).toEqual(['first']);
    // Another consumer of the group receives everything.
    const others: string[] = [];
    const other = place.consumer();
    other.on('message', async (_event, { metadata }) => void others.push(metadata.messageId));
    await other.start();
    const ids = Array.from({ length: 10 }, (_, index) => `while paused ${index}`);
    await Promise.all(ids.map((id) => place.publish(id)));
    await vi.waitFor(() => expect(others.toSorted()).toEqual(ids), DEADLINE);
    expect(ops.consumers.of('bot')).toEqual([consumer, other]);
    await other.close();
    await consumer.resume();
    await place.publish('last');
    await vi.waitFor(() => expect(handled).toEqual(['first', 'last']), DEADLINE);
    await consumer.close();
    expect(ops.consumers.of('bot')).toEqual([]);
  });
});

describe('the recorder of timelines', () => {
  test('forgets the oldest events beyond its limits, and drops the middle of a long timeline', async () => {
    const { TimelineRecorder } = await import('@slack-mcp/core/ops');
    const recorder = new TimelineRecorder({ maxEvents: 3, maxBytes: 4_000 });
    for (let index = 0; index < 5; index += 1) {
      recorder.record({ messageId: `${index}`, key: 'k' }, { step: 'received', at: index });
    }
    expect(recorder.find({}, 10).map(({ messageId }) => messageId)).toEqual(['4', '3', '2']);
    for (let at = 0; at < 1_000; at += 1) recorder.record({ messageId: '4', key: 'k' }, { step: 'attempt', at });
    const [long] = recorder.find({ id: '4' }, 1);
    expect(long?.entries).toHaveLength(64);
    expect(long).toMatchObject({ dropped: 937 });
    expect(long?.entries.at(-1)?.at).toBe(999);
    // The event in use stays, even alone beyond the limit.
    expect([recorder.size, recorder.bytes < 10_000]).toEqual([1, true]);
  });
});
