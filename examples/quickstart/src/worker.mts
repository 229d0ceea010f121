import { createConsumer, type WorkerContext } from '@slack-mcp/consumer';

/** Replies to each mention of the bot in its thread. */
export default async function startWorker(context: WorkerContext) {
  // A new group starts with the oldest event in the queue; with `latest`, it skips old mentions.
  const bot = createConsumer({ group: 'quickstart', from: 'latest', ...context });

  bot.on('app_mention', async (event, { say }) => {
    await say(`Hello <@${event.user}>!`);
  });

  await bot.start();
  return bot;
}
