import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { afterEach, expect, test, vi } from 'vitest';
import { Connection } from '../src/driver/index.ts';
import { freshBackend, freshPrefix, KEY, receive } from './fresh-backend.ts';

afterEach(() => void vi.restoreAllMocks());

const NOT_LEADER_FOR_PARTITION = 6;

interface Offsets {
  readonly responses: readonly { topic: string; partitions: readonly object[] }[];
}

/** A broker answers the first questions about a topic as one that does not lead the topic yet. */
function leadsLater(topic: string, questions: number): { readonly asked: number } {
  const seen = { asked: 0 };
  const { request } = Connection.prototype;
  vi.spyOn(Connection.prototype, 'request').mockImplementation(async function (this: Connection, api, args, ...rest) {
    const answer = await request.call(this, api, args, ...rest);
    const { responses } = answer as unknown as Offsets;
    if (api !== 'ListOffsets' || !responses.some((response) => response.topic === topic)) return answer;
    seen.asked += 1;
    if (seen.asked > questions) return answer;
    return {
      responses: responses.map(({ partitions, ...response }) => ({
        ...response,
        partitions: partitions.map((each) => ({ ...each, errorCode: NOT_LEADER_FOR_PARTITION })),
      })),
    } as never;
  });
  return seen;
}

describeWithBroker('kafka', ({ url }) => {
  test('dead letters can be listed while the leader of their topic changes', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ brokers: url.split(','), prefix });
    await backend.publish(KEY, { n: 1 });
    const message = await receive(backend.consume({ keys: KEY, group: 'bot', ack: 'manual' }));
    await message.deadLetter({ code: 'TEST' });
    const seen = leadsLater(`${prefix}${KEY}.bot.dead`, 2);
    const { items } = await backend.deadLetters({ group: 'bot', keys: [KEY] }).list();
    expect(items.map(({ payload }) => payload)).toEqual([{ n: 1 }]);
    expect(seen.asked).toBeGreaterThan(2);
  });
});
