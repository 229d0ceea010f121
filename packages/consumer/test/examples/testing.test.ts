import { createConsumer } from '@slack-mcp/consumer';
import { createTestContext, handle } from '@slack-mcp/consumer/testing';
import { buildEvent } from '@slack-mcp/simulator';
import { expect, test } from 'vitest';
import { Greeter } from './class.ts';
import { addHandlers } from './handlers.ts';

test('greets a mention in its thread', async () => {
  const bot = createConsumer({ ...createTestContext(), group: 'bot', handlers: new Greeter('Hello') });
  const mention = buildEvent('app_mention', { user: 'U1', channel: 'C1', ts: '1700000000.000100' });

  const outcome = await handle(bot, mention);

  expect(outcome.settled).toBe('ack');
  expect(outcome.said).toMatchObject([{ channel: 'C1', thread_ts: '1700000000.000100', text: 'Hello <@U1>!' }]);
});

test('retries a greeting that Slack refuses, and parks it in the end', async () => {
  const bot = createConsumer({ ...createTestContext(), group: 'bot', handlers: new Greeter('Hello') });
  const slack = { call: () => Promise.reject(new Error('chat.postMessage: fatal_error')) };
  const mention = buildEvent('app_mention', { user: 'U1' });

  const first = await handle(bot, mention, { slack });
  const last = await handle(bot, mention, { slack, retryCount: 5 });

  expect(first).toMatchObject({ settled: 'nack', error: { message: 'chat.postMessage: fatal_error' } });
  expect(last).toMatchObject({ settled: 'deadLetter', code: 'MAX_RETRIES' });
});

test('answers a command', async () => {
  const bot = createConsumer({ ...createTestContext(), group: 'bot' });
  addHandlers(bot);

  const deploy = await handle(bot, { command: '/deploy', text: 'main', response_url: 'https://hooks.slack.com/1' });
  const nothing = await handle(bot, { command: '/deploy', text: '', response_url: 'https://hooks.slack.com/2' });

  expect(deploy.responses).toEqual([{ text: 'Deploying main' }]);
  expect(nothing).toMatchObject({ settled: 'deadLetter', code: 'NON_RETRYABLE', responses: [] });
});
