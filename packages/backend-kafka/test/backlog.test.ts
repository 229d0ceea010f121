import { waitFor } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { afterEach, expect, test, vi } from 'vitest';
import { Connection, partitionFor } from '../src/driver/index.ts';
import { freshBackend, freshPrefix, KEY, numbersOf, receiveMany } from './fresh-backend.ts';

afterEach(() => void vi.restoreAllMocks());

/** More than the broker returns in one read, and more than a consumer reads ahead. */
const MESSAGES = 60;
const BYTES = 100_000;

interface FetchArguments {
  readonly topics: readonly { readonly partitions: readonly { readonly partition: number }[] }[];
}

/** Never answers a read that asks only for other partitions than `partition`: the broker waits for their next record. */
function waitForOthers(partition: number): { readonly waiting: number } {
  const seen = { waiting: 0 };
  const { request } = Connection.prototype;
  vi.spyOn(Connection.prototype, 'request').mockImplementation(function (this: Connection, api, args, ...rest) {
    const isRead = api === 'Fetch';
    const asked = isRead ? (args as FetchArguments).topics.flatMap(({ partitions }) => partitions) : [];
    if (!isRead || asked.some((each) => each.partition === partition)) return request.call(this, api, args, ...rest);
    seen.waiting += 1;
    return new Promise<never>(() => {});
  });
  return seen;
}

describeWithBroker('kafka', ({ url }) => {
  test.each([{ group: 'bot' }, {}])(
    'a consumer with %o reads a backlog while another partition has no messages',
    async (consume) => {
      const options = { brokers: url.split(','), prefix: freshPrefix(), partitions: 2 };
      const backend = freshBackend(options);
      const orderingKey = 'C1';
      const text = 'x'.repeat(BYTES);
      await Promise.all(Array.from({ length: MESSAGES }, (_, n) => backend.publish(KEY, { n, text }, { orderingKey })));
      const seen = waitForOthers(partitionFor(Buffer.from(orderingKey), 2));
      const subscription = freshBackend(options).consume({ keys: KEY, ...consume, from: new Date(0), prefetch: 1 });
      const [first] = await receiveMany(subscription, 1);
      // The consumer has read enough ahead, and waits for the empty partition.
      await waitFor('a read of the empty partition', () => seen.waiting === 1);
      const others = await receiveMany(subscription, MESSAGES - 1);
      expect([first?.payload['n'], ...numbersOf(others)]).toEqual(Array.from({ length: MESSAGES }, (_, n) => n));
    },
  );
});
