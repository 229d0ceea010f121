import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { createSimulator } from '../src/index.ts';
import { METHODS } from '../src/web-api/method-table.ts';
import { startApp } from './app.ts';

test('runs the first example of the README', async () => {
  const app = await startApp();
  // example
  const slack = await createSimulator({ signingSecret: 'my-signing-secret', eventsUrl: app.url });
  const web = new WebClient('xoxb-simulator', { slackApiUrl: slack.url });

  const { channel, ts } = await slack.postMessage('alice', 'general', 'Hello <@U0SIMULBOT>');
  await slack.idle(); // every event is delivered, or failed after its retries

  await web.chat.postMessage({ channel, thread_ts: ts, text: 'Hello Alice' });
  const { messages } = await web.conversations.replies({ channel, ts });
  assert.equal(messages?.length, 2);

  await slack.close();
  // end
  expect(app.received.length).toBeGreaterThanOrEqual(2);
  expect(messages).toHaveLength(2);

  const source = readFileSync(new URL(import.meta.url), 'utf8');
  const [, example = ''] = source.split(/\n {2}\/\/ (?:example|end)\n/);
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(example.replaceAll(/^ {2}/gm, ''));
});

test('names every method in the README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const section = readme.slice(readme.indexOf('## Methods'), readme.indexOf('## As its own process'));
  const named = [...section.matchAll(/`([a-z]\w*(?:\.[a-z]\w*)+)`/gi)].map(([, name = '']) => name);
  expect([...new Set(named)].toSorted()).toEqual([...METHODS.keys()].toSorted());
});
