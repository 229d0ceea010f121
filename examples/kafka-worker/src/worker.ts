import { createConsumer, type WorkerContext } from '@slack-mcp/consumer';

/** Confirms the orders of each channel, one after the other. */
export default async function startWorker(context: WorkerContext) {
  // Kafka keeps the order of a channel, and the consumer handles its events one at a time.
  const bot = createConsumer({ group: 'kafka-worker', ...context });

  bot.on('app_mention', async (event, { say }) => {
    const order = event.text.replace(/^<@\w+>\s*/, '');
    await say(`Confirmed: ${order}`);
  });

  await bot.start();
  return bot;
}
