import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { afterEach, expect, test, vi } from 'vitest';
import { Connection } from '../src/driver/index.ts';
import { freshBackend, freshPrefix, receive } from './fresh-backend.ts';

afterEach(() => void vi.restoreAllMocks());

const UNKNOWN_TOPIC_OR_PARTITION = 3;

interface Commits {
  readonly responses: readonly { topic: string; partitions: readonly { errorCode: number }[] }[];
}

/** The coordinator refuses all commits for a topic, as if the topic had been deleted. */
function refuseCommits(refused: string): void {
  const { request } = Connection.prototype;
  vi.spyOn(Connection.prototype, 'request').mockImplementation(async function (this: Connection, api, args, ...rest) {
    const answer = await request.call(this, api, args, ...rest);
    if (api !== 'OffsetCommit') return answer;
    const responses = (answer as Commits).responses.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map((each) =>
        topic === refused ? { ...each, errorCode: UNKNOWN_TOPIC_OR_PARTITION } : each,
      ),
    }));
    return { ...answer, responses } as never;
  });
}

describeWithBroker('kafka', ({ url }) => {
  test('a topic for which commits are refused does not hold up the other topics', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ brokers: url.split(','), prefix });
    for (const key of ['refused', 'other']) await backend.publish(key, { key });
    refuseCommits(`${prefix}refused`);
    const message = await receive(backend.consume({ group: 'workers', keys: ['refused', 'other'] }));
    expect(message.payload).toEqual({ key: 'other' });
  });
});
