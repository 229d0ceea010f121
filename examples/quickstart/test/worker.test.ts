import { createTestContext, handle } from '@slack-mcp/consumer/testing';
import { buildEvent } from '@slack-mcp/simulator';
import { expect, test } from 'vitest';
import startWorker from '../src/worker.mts';

test('the handler replies to a mention in its thread, without a queue', async () => {
  const bot = await startWorker(createTestContext());
  const mention = buildEvent('app_mention', { user: 'U1', channel: 'C1', ts: '1700000000.000100' });
  const { said } = await handle(bot, mention);
  await bot.close();
  expect(said).toMatchObject([{ channel: 'C1', thread_ts: '1700000000.000100', text: 'Hello <@U1>!' }]);
});
