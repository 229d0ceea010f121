import { createConsumer, type WorkerContext } from '@slack-mcp/consumer';

/** Mention the bot, and it answers in the thread. */
export default async function startWorker(context: WorkerContext) {
  // A group that is new starts with what is in the queue; from `latest` on, it leaves old mentions alone.
  const bot = createConsumer({ group: 'quickstart', from: 'latest', ...context });

  bot.on('app_mention', async (event, { say }) => {
    await say(`Hello <@${event.user}>!`);
  });

  await bot.start();
  return bot;
}
