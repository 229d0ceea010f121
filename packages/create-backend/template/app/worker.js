import { createConsumer } from '@slack-mcp/consumer';

/** Answers mentions. Started by `slack-mcp-consumer --handlers worker.js`. */
export default async function startWorker(context) {
  const bot = createConsumer({ group: 'worker', ...context });
  bot.on('app_mention', async (event, { say }) => void (await say(`You said: ${event.text}`)));
  await bot.start();
  return bot;
}
