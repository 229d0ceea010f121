import { createConsumer, type WorkerContext } from '@slack-mcp/consumer';

/** Mention the bot, and it answers in the thread. */
export default async function startWorker(context: WorkerContext) {
  const bot = createConsumer({ group: 'quickstart', ...context });

  bot.on('app_mention', async (event, { say }) => {
    await say(`Hello <@${event.user}>!`);
  });

  await bot.start();
  return bot;
}
