import { expect, test } from 'vitest';
import { decodeState } from '../src/commit-metadata.ts';
import type { IncomingRecord } from '../src/driver/index.ts';
import { type KafkaDelivery, type OpenMessage, PartitionTracker } from '../src/partition-tracker.ts';

const PLACE = { topic: 't', partition: 0, key: 't', isAgain: false };

function records(...offsets: number[]): IncomingRecord[] {
  return offsets.map((offset) => ({
    ...{ offset, timestamp: 0, size: 1, key: null, keyText: undefined, valueText: undefined, headers: [] },
    value: Buffer.from('{}'),
  }));
}

function fresh(prefix = 0): PartitionTracker {
  return new PartitionTracker(PLACE, { prefix, holes: [], end: prefix, counts: [], window: 0 });
}

function takeAll(tracker: PartitionTracker): OpenMessage[] {
  const messages: OpenMessage[] = [];
  for (let next = tracker.take(); next !== undefined; next = tracker.take()) {
    tracker.hold(next, {} as KafkaDelivery);
    messages.push(next);
  }
  return messages;
}

/** The tracker of the next owner, from what this one stores. */
function successor(tracker: PartitionTracker, window = 0): PartitionTracker {
  const { prefix, metadata } = tracker.snapshot(window);
  const state = decodeState(prefix, metadata);
  if (state === undefined) throw new Error('the metadata cannot be decoded');
  return new PartitionTracker(PLACE, state);
}

const offsetsOf = (messages: readonly OpenMessage[]): number[] => messages.map(({ offset }) => offset);

test('the next owner gets what is not settled, and nothing else', () => {
  const tracker = fresh();
  tracker.append(records(0, 1, 2, 3, 4, 5), 6);
  const messages = takeAll(tracker);
  for (const index of [1, 2, 4]) tracker.settle(messages[index] as OpenMessage);
  const next = successor(tracker);
  expect(next.next).toBe(0);
  next.append(records(0, 1, 2, 3, 4, 5, 6), 7);
  expect(offsetsOf(takeAll(next))).toEqual([0, 3, 5, 6]);
});

test('a restored hole that does not exist any more does not hold the prefix back', () => {
  const tracker = fresh();
  tracker.append(records(0, 1, 2, 3), 4);
  const messages = takeAll(tracker);
  for (const index of [1, 3]) tracker.settle(messages[index] as OpenMessage);
  const next = successor(tracker);
  // Compaction has removed the records 0 and 2.
  next.append(records(1, 3, 4), 5);
  const [only] = takeAll(next);
  expect(only?.offset).toBe(4);
  expect(next.snapshot(0).prefix).toBe(4);
  next.settle(only as OpenMessage);
  expect(next.snapshot(0).prefix).toBe(5);
});

test('the settled set is whole before it is read again', () => {
  const tracker = fresh();
  tracker.append(records(0, 1, 2, 3), 4);
  const messages = takeAll(tracker);
  tracker.settle(messages[3] as OpenMessage);
  const again = successor(successor(tracker));
  again.append(records(0, 1, 2, 3), 4);
  expect(offsetsOf(takeAll(again))).toEqual([0, 1, 2]);
});

test('counts move to the next owner', () => {
  const tracker = fresh();
  tracker.append(records(0, 1, 2), 3);
  const [first, second] = takeAll(tracker) as [OpenMessage, OpenMessage];
  tracker.count(first, { failures: 2, losses: 1 }, false);
  tracker.count(second, second.counts, true);
  const next = successor(tracker);
  next.append(records(0, 1, 2), 3);
  expect(takeAll(next).map(({ counts }) => counts)).toEqual([
    { failures: 2, losses: 1 },
    { failures: 0, losses: 1 },
    { failures: 0, losses: 0 },
  ]);
});

test('after an owner that did not leave cleanly, as many messages as it may have held are interrupted', () => {
  const tracker = fresh();
  tracker.append(records(0, 1, 2, 3), 4);
  tracker.settle(takeAll(tracker)[1] as OpenMessage);
  const next = successor(tracker, 2);
  next.append(records(0, 1, 2, 3), 4);
  expect(takeAll(next).map(({ offset, isInterrupted }) => [offset, isInterrupted])).toEqual([
    [0, true],
    [2, true],
    [3, false],
  ]);
});

test('messages that are delivered again come before later ones, in order', () => {
  const tracker = fresh();
  tracker.append(records(0, 1, 2, 3), 4);
  const first = tracker.take() as OpenMessage;
  const second = tracker.take() as OpenMessage;
  tracker.repeat(second);
  tracker.repeat(first);
  expect(offsetsOf(takeAll(tracker))).toEqual([0, 1, 2, 3]);
});
