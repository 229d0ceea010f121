import { createTestContext, handle } from '@slack-mcp/consumer/testing';
import { expect, onTestFinished, test } from 'vitest';
import startWorker from '../src/worker.ts';

async function startBot() {
  const bot = await startWorker(createTestContext());
  onTestFinished(() => bot.close());
  return bot;
}

const user = { id: 'U1' };

test('asks for a service if a deployment has none', async () => {
  const outcome = await handle(await startBot(), { command: '/deploy', text: '', response_url: 'https://hooks/1' });
  expect(outcome.responses).toMatchObject([{ text: expect.stringContaining('Which service?') }]);
});

test('posts nothing to the channel for a cancelled deployment', async () => {
  const { responses, said } = await handle(await startBot(), {
    type: 'block_actions',
    user,
    channel: { id: 'C1' },
    actions: [{ type: 'button', action_id: 'deploy:no', value: 'api' }],
    response_url: 'https://hooks/1',
  });
  expect(responses).toEqual([{ delete_original: true }]);
  expect(said).toEqual([]);
});

test('opens a form that stores the channel for the shortcut', async () => {
  const { calls } = await handle(await startBot(), {
    type: 'message_action',
    callback_id: 'release_notes',
    user,
    trigger_id: '1.2.3',
    channel: { id: 'C1' },
    message: { ts: '1.1' },
  });
  expect(calls).toMatchObject([
    { method: 'views.open', args: { trigger_id: '1.2.3', view: { private_metadata: 'C1', notify_on_close: true } } },
  ]);
});

test('parks an empty form at once and logs a closed one', async () => {
  const bot = await startBot();
  const view = { id: 'V1', callback_id: 'release_notes', private_metadata: 'C1', state: { values: {} } };
  const empty = await handle(bot, { type: 'view_submission', user, view });
  const closed = await handle(bot, { type: 'view_closed', user, view });
  expect(empty).toMatchObject({ settled: 'deadLetter', code: 'NON_RETRYABLE', said: [] });
  expect(closed.log).toContainEqual(expect.objectContaining({ message: 'release_notes_dropped' }));
});
