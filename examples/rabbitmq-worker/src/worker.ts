import { createConsumer, NonRetryableError, type WorkerContext } from '@slack-mcp/consumer';

/** Confirms orders. An order that no retry can fix goes to the group's dead letters. */
export default async function startWorker(context: WorkerContext) {
  const bot = createConsumer({ group: 'rabbitmq-worker', ...context });

  bot.on('app_mention', async (event, { say }) => {
    const order = event.text.replace(/^<@\w+>\s*/, '');
    if (order === '') throw new NonRetryableError('the order is empty');
    await say(`Confirmed: ${order}`);
  });

  await bot.start();
  return bot;
}
