import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createSlackClient, type SlackClient, tracing } from '../src/index.ts';
import { clientOfStub } from '../src/testing/slack-stub.ts';
import { Greeter } from './examples/class.ts';
import { addHandlers, middleware } from './examples/handlers.ts';
import { traceHandling } from './examples/tracing.ts';
import { start } from './support/child.ts';
import { serve } from './support/http.ts';
import { DEADLINE, workplace } from './support/workplace.ts';

// What the README shows.

test('handlers', async () => {
  const place = workplace();
  const calls: unknown[] = [];
  const answers = await serve();
  const slack: SlackClient = {
    ...clientOfStub({ call: async (method, args) => ({ ok: true, count: calls.push([method, args]) }) }),
    respond: createSlackClient({ token: undefined, apiUrl: answers.url }).respond,
    forTeam: () => slack,
  };
  const consumer = place.consumer({ slack, middleware });
  addHandlers(consumer);
  await consumer.start();
  await place.publish('Ev1', {
    event: { type: 'reaction_added', reaction: 'eyes', item: { channel: 'C1', ts: '1.1' } },
  });
  await place.publish('Ev2', { event: { channel: 'D1', channel_type: 'im' } });
  await place.publish('Ev3', { event: { subtype: 'file_share', user: 'U1', files: [{ id: 'F1' }] } });
  await place.publish('Ev4', { event: { bot_id: 'B1', app_id: 'A2' } });
  await place.backend.publish('slack_events', { command: '/deploy', text: 'main', response_url: answers.url });
  await place.backend.publish('slack_events', { command: '/deploy', text: '', response_url: answers.url });
  await place.backend.publish('slack_events', {
    type: 'block_actions',
    user: { id: 'U1' },
    actions: [{ action_id: 'approve:1' }],
  });
  const view = { callback_id: 'feedback', state: { values: { mood: { text: { type: 'x', value: 'fine' } } } } };
  const message = { channel: { id: 'C2' }, message_ts: '2.2', message: { ts: '2.2' } };
  for (const payload of [
    { type: 'view_submission', user: { id: 'U2' }, view },
    { type: 'view_closed', user: { id: 'U2' }, view },
    { type: 'message_action', callback_id: 'bookmark', ...message },
    { type: 'block_suggestion', action_id: 'city', value: 'Be' },
  ]) {
    await place.backend.publish('slack_events', payload, { orderingKey: 'interactions' });
  }
  await expect.poll(() => place.logger.named('event_handled'), DEADLINE).toHaveLength(10);
  await expect.poll(() => place.logger.named('event_failed'), DEADLINE).toMatchObject([{ code: 'NON_RETRYABLE' }]);
  expect(calls).toMatchObject([
    ['conversations.mark', { channel: 'C1', ts: '1.1' }],
    ['chat.postMessage', { channel: 'D1', text: 'You wrote this' }],
    ['chat.postMessage', { channel: 'U2', text: 'You wrote: fine' }],
    ['reactions.add', { channel: 'C2', timestamp: '2.2', name: 'bookmark' }],
  ]);
  expect(place.logger.named('feedback_dropped')).toHaveLength(1);
  expect(place.logger.named('city_looked_for')).toMatchObject([{ length: 2 }]);
  expect(answers.requests).toHaveLength(1);
  expect(place.logger.named('files_shared')).toMatchObject([{ files: 1 }]);
  expect(place.logger.named('person_wrote')).toHaveLength(1);
  expect(place.logger.named('approved')).toMatchObject([{ action: 'approve:1', user: 'U1' }]);
});

test('tracing', async () => {
  const spans: string[] = [];
  onTestFinished(traceHandling((name, outcome) => void spans.push(`${name} ${outcome}`)));
  const place = workplace();
  const consumer = place.consumer({ middleware: [tracing()], retry: { maxRetries: 0 } });
  consumer.on('message', ({ channel }) => {
    if (channel === 'C2') throw new Error('broken');
  });
  await consumer.start();
  await place.publish('Ev1', { headers: { traceparent: '00-0af7-b7ad-01' } });
  await expect.poll(() => spans, DEADLINE).toEqual(['message 00-0af7-b7ad-01 ok']);
  await place.publish('Ev2', { event: { channel: 'C2' } });
  await expect.poll(() => spans, DEADLINE).toEqual(['message 00-0af7-b7ad-01 ok', 'message root Error: broken']);
});

test('a class', async () => {
  const place = workplace();
  const said: unknown[] = [];
  const slack = clientOfStub({ call: async (_method, args) => ({ ok: true, count: said.push(args) }) });
  await place.consumer({ slack, handlers: new Greeter('Good morning') }).start();
  await place.publish('Ev1', { event: { type: 'app_mention', user: 'U1', ts: '1.1' } });
  await expect.poll(() => said, DEADLINE).toMatchObject([{ thread_ts: '1.1', text: 'Good morning <@U1>!' }]);
});

test('a separate process', async () => {
  const child = start('test/examples/standalone.ts', [], {
    source: true,
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { QUEUE_BACKEND: 'memory' },
  });
  await child.printed('consumer_ready');
  child.process.kill('SIGTERM');
  await expect(child.ended).resolves.toBe(0);
});
