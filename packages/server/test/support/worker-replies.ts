import { createConsumer } from '@slack-mcp/consumer';
import type { WorkerModule } from '@slack-mcp/slack';

/** A worker file: answers every mention in its thread. */
const worker: WorkerModule = async ({ backend, slack, logger }) => {
  const consumer = createConsumer({ backend, slack, logger, group: 'workers' });
  consumer.on('app_mention', async (event) => {
    await slack.call('chat.postMessage', { channel: event.channel, thread_ts: event.ts, text: 'At your service.' });
  });
  await consumer.start();
  return consumer;
};

// biome-ignore lint/style/noDefaultExport: the shape of a worker file
export default worker;
