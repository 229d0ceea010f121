import { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { startSlack } from './slack.ts';

const USER = 'xoxp-simulator';

async function startAsAlice(options: object = {}) {
  const { slack, web } = await startSlack({ userToken: USER, ...options });
  return { slack, web, person: new WebClient(USER, { slackApiUrl: slack.url, retryConfig: { retries: 0 } }) };
}

test('conversations.mark moves the cursor that conversations.info shows to the person', async () => {
  const { slack, web, person } = await startAsAlice();
  const channel = 'C0GENERAL1';
  const infoOf = async (client: WebClient) => (await client.conversations.info({ channel })).channel;
  expect(await infoOf(person)).toMatchObject({ last_read: '0000000000.000000' });
  const ts = String((await slack.messages(channel)).at(-1)?.ts);
  await person.conversations.mark({ channel, ts });
  expect(await infoOf(person)).toMatchObject({ last_read: ts });
  expect(await infoOf(web)).not.toHaveProperty('last_read');
});

test('conversations.info counts the unread messages of direct messages', async () => {
  const { slack, person } = await startAsAlice();
  const channel = 'D0ALICE001';
  const { ts } = await slack.postMessage('U0SIMULBOT', channel, 'One');
  await slack.postMessage('U0SIMULBOT', channel, 'Two');
  expect((await person.conversations.info({ channel })).channel).toMatchObject({ unread_count: 2 });
  await person.conversations.mark({ channel, ts });
  expect((await person.conversations.info({ channel })).channel).toMatchObject({ unread_count_display: 1 });
});

test.each([
  ['C0GENERAL1', '1', 'invalid_timestamp', {}],
  ['C0OUTSIDE1', '1700000000.000100', 'missing_scope', { userScopes: ['channels:read'] }],
  ['C0NOWHERE1', '1700000000.000100', 'channel_not_found', {}],
])('conversations.mark in %s to %s fails with %s', async (channel, ts, error, options) => {
  const { person } = await startAsAlice(options);
  await expect(person.conversations.mark({ channel, ts })).rejects.toMatchObject({ data: { error } });
});

test('users.conversations lists the conversations of the caller, in pages', async () => {
  const { person, web } = await startAsAlice();
  const idsOf = async (client: WebClient, types: string) =>
    ((await client.users.conversations({ types })).channels ?? []).map(({ id }) => id);
  expect(await idsOf(person, 'im')).toEqual(['D0ALICE001']);
  expect(await idsOf(person, 'public_channel')).toContain('C0OUTSIDE1');
  expect(await idsOf(web, 'public_channel')).not.toContain('C0OUTSIDE1');
  const first = await person.users.conversations({ limit: 2, exclude_archived: true });
  const cursor = String(first.response_metadata?.next_cursor);
  const second = await person.users.conversations({ limit: 2, exclude_archived: true, cursor });
  expect(first.channels).toHaveLength(2);
  expect(second.channels?.[0]?.id).not.toBe(first.channels?.[0]?.id);
});

test('conversations.replies says to a person how far they have read a thread that they follow', async () => {
  const { slack, web, person } = await startAsAlice();
  const channel = 'C0GENERAL1';
  const { ts } = await slack.postMessage('U0BOB00001', channel, 'Who knows?');
  await slack.postMessage('U0BOB00001', channel, 'Anyone?', { threadTs: ts });
  const rootOf = async (client: WebClient) => (await client.conversations.replies({ channel, ts })).messages?.[0];
  expect(await rootOf(person)).toMatchObject({ subscribed: false });
  const own = await person.chat.postMessage({ channel, thread_ts: ts, text: 'I do.' });
  await slack.postMessage('U0BOB00001', channel, 'Thanks', { threadTs: ts });
  expect(await rootOf(person)).toMatchObject({ subscribed: true, last_read: own.ts, unread_count: 1 });
  const history = await person.conversations.history({ channel });
  const listed = history.messages?.find((message) => message.ts === ts);
  expect(listed).toMatchObject({ subscribed: true, last_read: own.ts });
  expect(listed).not.toHaveProperty('unread_count');
  expect(await rootOf(web)).toMatchObject({ subscribed: false });
  expect(await rootOf(web)).not.toHaveProperty('unread_count');
});
