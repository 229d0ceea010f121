import { expect, test } from 'vitest';
import { createSlackClient, SlackApiError } from '../src/index.ts';
import { serve } from './support/http.ts';

const token = 'xoxb-secret-1';

test('a call is a form with the token, its objects as JSON, and resolves what Slack answers', async () => {
  const { url, requests } = await serve({ body: '{"ok":true,"ts":"1.2"}' });
  const slack = createSlackClient({ token, apiUrl: url });
  const args = {
    channel: 'C1',
    text: 'hi & bye',
    blocks: [{ type: 'divider' }],
    unfurl_links: false,
    thread_ts: undefined,
  };
  await expect(slack.call('chat.postMessage', args)).resolves.toEqual({ ok: true, ts: '1.2' });
  expect(requests[0]).toMatchObject({ path: '/api/chat.postMessage', headers: { authorization: `Bearer ${token}` } });
  expect(requests[0]?.form).toEqual({
    channel: 'C1',
    text: 'hi & bye',
    blocks: '[{"type":"divider"}]',
    unfurl_links: 'false',
  });
});

test('a refusal rejects with the method and Slack’s error name, and neither token nor text', async () => {
  const { url } = await serve({ body: '{"ok":false,"error":"channel_not_found"}' }, { status: 503, body: '<html>' });
  const slack = createSlackClient({ token, apiUrl: url });
  const refusal = await slack.call('chat.postMessage', { text: 'private' }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(SlackApiError);
  expect(refusal).toMatchObject({ message: 'chat.postMessage: channel_not_found', error: 'channel_not_found' });
  await expect(slack.call('chat.postMessage')).rejects.toMatchObject({ error: 'http_503' });
});

test('a rate limit is waited for as long as Slack asks, a few times', async () => {
  const limited = { status: 429, headers: { 'retry-after': '0.01' }, body: '{"ok":false,"error":"ratelimited"}' };
  const patient = await serve(limited, limited, {});
  await expect(createSlackClient({ token, apiUrl: patient.url }).call('api.test')).resolves.toEqual({ ok: true });
  expect(patient.requests).toHaveLength(3);

  const stubborn = await serve(limited);
  const slack = createSlackClient({ token, apiUrl: stubborn.url, maxRetries: 1 });
  await expect(slack.call('api.test')).rejects.toThrow('api.test: ratelimited');
  expect(stubborn.requests).toHaveLength(2);
});

test('a signal ends the wait', async () => {
  const { url, requests } = await serve({ status: 429, headers: { 'retry-after': '3600' } });
  const controller = new AbortController();
  const call = createSlackClient({ token, apiUrl: url }).call('api.test', {}, { signal: controller.signal });
  const outcome = expect(call).rejects.toThrow(/abort/i);
  await expect.poll(() => requests.length, { timeout: 10_000 }).toBe(1);
  controller.abort();
  await outcome;
});

test('without a token calls say what to set; the URL must keep the token to itself', async () => {
  await expect(createSlackClient({}).call('api.test')).rejects.toThrow('SLACK_BOT_TOKEN=xoxb-');
  for (const apiUrl of ['http://example.com/api/', 'ftp://localhost/', 'slack.com', 'http://127.0.0.1.example.com/']) {
    expect(() => createSlackClient({ token, apiUrl })).toThrow('SLACK_API_URL');
  }
  for (const apiUrl of ['https://slack-gov.com/api', 'http://localhost:1/api/', 'http://[::1]:1/']) {
    expect(() => createSlackClient({ token, apiUrl })).not.toThrow();
  }
  await expect(createSlackClient({ token }).call('../evil')).rejects.toThrow('not a method');
});
