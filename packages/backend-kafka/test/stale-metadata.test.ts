import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { afterEach, expect, test, vi } from 'vitest';
import { KafkaLink } from '../src/driver/index.ts';
import { GroupTopics } from '../src/group-topics.ts';
import { freshBackend, freshPrefix, KEY, numbersOf, receiveMany } from './fresh-backend.ts';

afterEach(() => void vi.restoreAllMocks());

/** A node id that no broker has. */
const GONE = 99;

/** The cached metadata name a leader that is gone, until the backend drops them. */
function staleLeaders(): void {
  let isStale = true;
  const { leaders, forgetNode } = KafkaLink.prototype;
  vi.spyOn(KafkaLink.prototype, 'leaders').mockImplementation(function (this: KafkaLink, topic) {
    return isStale ? [GONE] : leaders.call(this, topic);
  });
  vi.spyOn(KafkaLink.prototype, 'forgetNode').mockImplementation(function (this: KafkaLink, nodeId) {
    if (nodeId === GONE) isStale = false;
    forgetNode.call(this, nodeId);
  });
}

/** Answers the first look-up of topics that `method` starts as a broker does that does not know the topics yet. */
function unknownTopics(method: 'look' | 'countToAssign'): { readonly lookUps: number } {
  const seen = { lookUps: 0 };
  let isLookUp = false;
  const start = GroupTopics.prototype[method] as (topics: readonly string[]) => Promise<unknown>;
  vi.spyOn(GroupTopics.prototype, method).mockImplementation(function (this: GroupTopics, topics?: readonly string[]) {
    seen.lookUps += 1;
    isLookUp = seen.lookUps === 1;
    const found = start.call(this, topics ?? []);
    isLookUp = false;
    return found as Promise<never>;
  });
  const { refresh } = KafkaLink.prototype;
  vi.spyOn(KafkaLink.prototype, 'refresh').mockImplementation(function (this: KafkaLink, topics) {
    return isLookUp ? Promise.resolve(new Map()) : refresh.call(this, topics);
  });
  return seen;
}

describeWithBroker('kafka', ({ url }) => {
  const options = () => ({ brokers: url.split(','), prefix: freshPrefix(), retryDelayMs: 10 });

  test.each([{ group: 'bot' }, {}])('a consumer with %o finds the new leader when it starts', async (consume) => {
    const ours = options();
    await freshBackend(ours).publish(KEY, { n: 0 });
    staleLeaders();
    const subscription = freshBackend(ours).consume({ keys: KEY, ...consume, from: 'latest' });
    await subscription.ready;
    await freshBackend(ours).publish(KEY, { n: 1 });
    expect(numbersOf(await receiveMany(subscription, 1))).toEqual([1]);
  });

  test('a publisher that prepares its groups finds the new leader', async () => {
    const ours = { ...options(), groups: ['bot'] };
    staleLeaders();
    await freshBackend(ours).publish(KEY, { n: 1 });
  });

  test('the partitions of a topic that the leader of the group does not know yet are assigned later', async () => {
    const ours = options();
    const backend = freshBackend(ours);
    await backend.publish(KEY, { n: 1 });
    const seen = unknownTopics('countToAssign');
    expect(numbersOf(await receiveMany(backend.consume({ keys: KEY, group: 'bot' }), 1))).toEqual([1]);
    expect(seen.lookUps).toBe(2);
  });

  test('a consumer is not ready before its topic is known', async () => {
    const backend = freshBackend(options());
    await backend.publish(KEY, { n: 1 });
    const seen = unknownTopics('look');
    const subscription = backend.consume({ keys: KEY, group: 'bot' });
    await subscription.ready;
    expect(seen.lookUps).toBeGreaterThan(1);
    expect(numbersOf(await receiveMany(subscription, 1))).toEqual([1]);
  });
});
