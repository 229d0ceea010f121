import { createConsumer } from '@slack-mcp/consumer';

/** An example of a worker: replies to each mention of the bot in its thread. Replace it with your own handlers. */
export default async function startWorker(context) {
  const bot = createConsumer({ group: 'bot', ...context });
  bot.on('app_mention', async (event, { say }) => {
    await say(`Hello <@${event.user}>!`);
  });
  await bot.start();
  return bot;
}
