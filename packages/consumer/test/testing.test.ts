import { SerializationError } from '@slack-mcp/core';
import { buildEnvelope, buildEvent } from '@slack-mcp/simulator';
import { expect, test } from 'vitest';
import {
  type Consumer,
  createConsumer,
  deduplicate,
  HandlerInterruptedError,
  type WorkerContext,
} from '../src/index.ts';
import { createTestContext, handle } from '../src/testing/index.ts';

const mention = buildEvent('app_mention', { user: 'U1', channel: 'C1', ts: '1.5', text: 'hi' });

test('tests the function of a worker file unchanged', async () => {
  const startWorker = async (context: WorkerContext): Promise<Consumer> => {
    const bot = createConsumer({ group: 'quickstart', ...context });
    bot.on('app_mention', (event, { say }) => say(`Hello <@${event.user}>!`));
    await bot.start();
    return bot;
  };
  const worker = await startWorker(createTestContext());
  const outcome = await handle(worker, mention);
  await worker.close();
  expect(outcome).toMatchObject({
    settled: 'ack',
    unmatched: false,
    said: [{ channel: 'C1', thread_ts: '1.5', text: 'Hello <@U1>!' }],
    calls: [{ method: 'chat.postMessage' }],
    responses: [],
  });
});

test('passes an envelope unchanged, and wraps an inner event in one', async () => {
  const consumer = createConsumer({ ...createTestContext(), group: 'bot' });
  const seen: unknown[] = [];
  consumer.any(({ envelope, event, metadata }) => seen.push([envelope.type, event?.type, metadata]));
  await handle(consumer, buildEnvelope(mention, { eventId: 'Ev7' }), {
    retryCount: 3,
    metadata: { key: 'other', headers: { 'x-slack-retry-num': '1' } },
  });
  await handle(consumer, mention);
  await handle(consumer, { type: 'brand_new_event' });
  await handle(consumer, { type: 'view_submission', view: { callback_id: 'x' } });
  await handle(consumer, { type: 'app_rate_limited', team_id: 'T1' });
  expect(seen).toMatchObject([
    [
      'event_callback',
      'app_mention',
      { messageId: 'A0SIMULATR:Ev7', retryCount: 3, key: 'other', group: 'bot', headers: { 'x-slack-retry-num': '1' } },
    ],
    ['event_callback', 'app_mention', { retryCount: 0, key: 'slack_events' }],
    ['event_callback', 'brand_new_event', {}],
    ['view_submission', undefined, {}],
    ['app_rate_limited', 'app_rate_limited', {}],
  ]);
});

test('acks an event that no handler matches, and reports it as unmatched', async () => {
  const consumer = createConsumer({ ...createTestContext(), group: 'bot' }).any(() => {});
  expect(await handle(consumer, mention)).toMatchObject({ settled: 'ack', unmatched: true });
});

test('delivers the event as JSON, and rejects values that are not JSON', async () => {
  const consumer = createConsumer({ ...createTestContext(), group: 'bot' });
  const seen: unknown[] = [];
  consumer.on('app_mention', (event) => seen.push('team' in event));
  await handle(consumer, { ...mention, team: undefined });
  expect(seen).toEqual([false]);
  await expect(handle(consumer, { ...mention, text: 1n })).rejects.toThrow(SerializationError);
  await expect(handle(consumer, [])).rejects.toThrow(TypeError);
  await expect(handle({ close: async () => {} }, mention)).rejects.toThrow('createConsumer');
});

test('applies the consumer’s own delays, timeout and middleware', async () => {
  const consumer = createConsumer({
    ...createTestContext(),
    group: 'bot',
    timeoutMs: 5,
    retry: { initialDelayMs: 100, jitter: 'none', maxRetries: 2 },
    middleware: [deduplicate()],
  });
  const waits: boolean[] = [];
  consumer.on('app_mention', () => (waits.push(true) > 2 ? undefined : new Promise(() => {})));
  const envelope = buildEnvelope(mention);
  const first = await handle(consumer, envelope);
  expect(first).toMatchObject({ settled: 'nack', delayMs: 100, error: { code: 'HANDLER_TIMEOUT' } });
  expect('error' in first && first.error).toBeInstanceOf(HandlerInterruptedError);
  expect(await handle(consumer, envelope, { retryCount: 2 })).toMatchObject({ settled: 'deadLetter' });
  expect(await handle(consumer, envelope)).toMatchObject({ settled: 'ack' });
  const again = await handle(consumer, envelope);
  expect(again.log.map(({ message }) => message)).toEqual(['event_duplicate', 'event_handled']);
  expect(waits).toHaveLength(3);
});

test('records calls and responses, including failed ones', async () => {
  const consumer = createConsumer({ ...createTestContext(), group: undefined });
  consumer.command('/vote', async (_command, { slack, respond }) => {
    await respond('counting');
    await slack.call('reactions.add', { channel: 'C1', timestamp: '1.1', name: 'ok' });
    await slack.request('views.open', {});
  });
  const slack = {
    call: async (method: string) => {
      if (method === 'views.open') throw new Error('expired_trigger_id');
      return { ok: true };
    },
  };
  const outcome = await handle(consumer, { command: '/vote', response_url: 'https://hooks.example' }, { slack });
  expect(outcome).toMatchObject({
    settled: 'nack',
    said: [],
    responses: [{ text: 'counting' }],
    calls: [{ method: 'reactions.add', args: { name: 'ok', channel: 'C1' } }, { method: 'views.open' }],
    log: [{ level: 'warn', message: 'event_failed' }],
  });
});

test('records what is published to a test context, whose consumers wait until they are closed', async () => {
  const context = createTestContext();
  const consumer = createConsumer({ ...context, group: 'bot' });
  consumer.on('app_mention', async () => {
    await context.backend.publish('jobs', { n: 1 }, { orderingKey: 'C1' });
  });
  await consumer.start();
  await handle(consumer, mention);
  await consumer.close();
  await consumer.closed;
  expect(context.published).toEqual([{ key: 'jobs', payload: { n: 1 }, options: { orderingKey: 'C1' } }]);
});

test.each([
  ['a command', { command: '/deploy', text: 'main' }, 'ack'],
  ['an action in a message', { type: 'block_actions', user: { id: 'U1' }, actions: [{ action_id: 'go' }] }, 'ack'],
  ['a shortcut of a message', { type: 'message_action', callback_id: 'go', user: { id: 'U1' } }, 'ack'],
  ['a global shortcut', { type: 'shortcut', callback_id: 'go', user: { id: 'U1' } }, 'nack'],
  [
    'an action in a view',
    { type: 'block_actions', container: { type: 'view' }, user: { id: 'U1' }, actions: [{ action_id: 'go' }] },
    'nack',
  ],
] as const)('gives %s a response_url only if Slack sends one', async (_name, event, settled) => {
  const bot = createConsumer({ ...createTestContext(), group: 'bot' });
  bot
    .command(/^/, (_command, { respond }) => respond('done'))
    .action(/^/, (_action, { respond }) => respond('done'))
    .shortcut(/^/, (_shortcut, { respond }) => respond('done'));
  const outcome = await handle(bot, event);
  expect(outcome.settled).toBe(settled);
  expect(outcome.responses).toEqual(settled === 'ack' ? [{ text: 'done' }] : []);
});
