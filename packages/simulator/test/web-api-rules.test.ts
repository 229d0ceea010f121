import { ErrorCode } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { callDirectly, startSlack } from './slack.ts';

const token = 'xoxb-simulator';

describe('token and scopes', () => {
  test('auth.test identifies the token', async () => {
    const { web } = await startSlack();
    expect(await web.auth.test()).toMatchObject({
      ok: true,
      url: 'https://simulator.slack.com/',
      team: 'Simulator',
      team_id: 'T0SIMULATR',
      user_id: 'U0SIMULBOT',
      bot_id: 'B0SIMULATR',
    });
  });

  test('handles no token, a wrong token, and a token in the body', async () => {
    const { slack } = await startSlack();
    expect((await callDirectly(slack.url, 'auth.test')).body).toEqual({ ok: false, error: 'not_authed' });
    const wrong = await callDirectly(slack.url, 'auth.test', { token: 'xoxb-other' });
    expect(wrong.body).toEqual({ ok: false, error: 'invalid_auth' });
    expect((await callDirectly(slack.url, 'auth.test', { form: { token } })).body).toMatchObject({ ok: true });
    expect(JSON.stringify(await slack.calls())).not.toContain(token);
  });

  test('missing_scope names the needed and provided scopes', async () => {
    const { slack, web } = await startSlack({ scopes: ['chat:write', 'channels:read'] });
    const { body, headers } = await callDirectly(slack.url, 'emoji.list', { token });
    expect(body).toEqual({
      ok: false,
      error: 'missing_scope',
      needed: 'emoji:read',
      provided: 'chat:write,channels:read',
    });
    expect(headers.get('x-oauth-scopes')).toBe('chat:write,channels:read');
    expect(headers.get('x-accepted-oauth-scopes')).toBe('emoji:read');
    await expect(web.conversations.list({ types: 'private_channel' })).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'groups:read' },
    });
    await expect(web.conversations.history({ channel: 'C0GENERAL1' })).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'channels:history' },
    });
  });
});

describe('arguments', () => {
  test('returns unknown_method for an unknown method', async () => {
    const { slack } = await startSlack();
    const { status, body } = await callDirectly(slack.url, 'chat.shout', { token });
    expect([status, body]).toEqual([200, { ok: false, error: 'unknown_method', req_method: 'chat.shout' }]);
  });

  test('api.test returns its arguments, without a token', async () => {
    const { slack } = await startSlack();
    const { body } = await callDirectly(slack.url, 'api.test', { form: { foo: 'bar' } });
    expect(body).toEqual({ ok: true, args: { foo: 'bar' } });
    const failed = await callDirectly(slack.url, 'api.test', { form: { error: 'my_error' } });
    expect(failed.body).toEqual({ ok: false, error: 'my_error', args: { error: 'my_error' } });
  });

  test('accepts JSON in methods that write and in the history, and ignores it in other methods that read', async () => {
    const { slack } = await startSlack();
    const json = { channel: 'C0GENERAL1', text: 'from JSON' };
    expect((await callDirectly(slack.url, 'chat.postMessage', { token, json })).body).toMatchObject({
      ok: true,
      message: { text: 'from JSON' },
    });
    const history = await callDirectly(slack.url, 'conversations.history', { token, json });
    expect(history.body).toMatchObject({ ok: true });
    for (const method of ['conversations.info', 'conversations.replies']) {
      expect((await callDirectly(slack.url, method, { token, json: { channel: 'C0GENERAL1' } })).body).toEqual({
        ok: false,
        error: 'invalid_arguments',
        response_metadata: { messages: ['[ERROR] missing required field: channel'] },
      });
    }
  });

  test('handles malformed JSON, non-object JSON, unsupported content types and a missing charset', async () => {
    const { slack } = await startSlack();
    const post = async (contentType: string, body: string): Promise<unknown> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': contentType };
      const response = await fetch(`${slack.url}chat.postMessage`, { method: 'POST', headers, body });
      return response.json();
    };
    const json = 'application/json; charset=utf-8';
    expect(await post(json, '{')).toEqual({ ok: false, error: 'invalid_json' });
    expect(await post(json, '[]')).toEqual({ ok: false, error: 'json_not_object' });
    expect(await post('text/xml', '<a/>')).toEqual({ ok: false, error: 'invalid_post_type' });
    expect(await post('application/json', '{"channel":"C0GENERAL1","text":"hi"}')).toMatchObject({
      ok: true,
      warning: 'missing_charset',
      response_metadata: { warnings: ['missing_charset'] },
    });
  });

  test('rejects a non-numeric limit, a limit that is too large, and a cursor of another list', async () => {
    const { web } = await startSlack();
    const history = (args: object) => web.apiCall('conversations.history', { channel: 'C0GENERAL1', ...args });
    await expect(history({ limit: 'many' })).rejects.toMatchObject({ data: { error: 'invalid_arguments' } });
    await expect(history({ limit: 5000 })).rejects.toMatchObject({ data: { error: 'invalid_arguments' } });
    for (const cursor of ['nonsense', Buffer.from('user:U0ALICE001').toString('base64')]) {
      await expect(history({ cursor })).rejects.toMatchObject({ data: { error: 'invalid_cursor' } });
    }
  });
});

describe('limits and failures', () => {
  test('answers only the limited method with 429, for the given number of calls', async () => {
    const { slack, web } = await startSlack();
    await slack.limit('emoji.list', { retryAfterS: 7, times: 2 });
    for (let call = 0; call < 2; call += 1) {
      await expect(web.emoji.list()).rejects.toMatchObject({ code: ErrorCode.RateLimitedError, retryAfter: 7 });
    }
    expect((await web.auth.test()).ok).toBe(true);
    expect((await web.emoji.list()).ok).toBe(true);
    const statuses = (await slack.calls('emoji.list')).map(({ status, error }) => [status, error]);
    expect(statuses).toEqual([
      [429, 'ratelimited'],
      [429, 'ratelimited'],
      [200, undefined],
    ]);
  });

  test('injects a Slack error or an HTTP status, without running the method', async () => {
    const { slack, web } = await startSlack();
    const before = (await slack.messages('general')).length;
    await slack.fail('chat.postMessage', 'fatal_error');
    await slack.fail('chat.postMessage', 503);
    const say = () => web.chat.postMessage({ channel: 'C0GENERAL1', text: 'hi' });
    await expect(say()).rejects.toMatchObject({ data: { error: 'fatal_error' } });
    await expect(say()).rejects.toMatchObject({ code: ErrorCode.HTTPError, statusCode: 503 });
    expect(await slack.messages('general')).toHaveLength(before);
    expect((await say()).ok).toBe(true);
  });

  test('rejects limits and failures for an unknown method', async () => {
    const { slack } = await startSlack();
    await expect(slack.limit('emoji.lst')).rejects.toThrow(/'emoji.lst'/);
    await expect(slack.fail('constructor', 500)).rejects.toThrow(TypeError);
  });

  test("applies Slack's own limits by method and tier", async () => {
    const { slack, web } = await startSlack({ rateLimits: 'slack' });
    for (let call = 1; call <= 20; call += 1) {
      expect((await callDirectly(slack.url, 'emoji.list', { token })).status).toBe(200);
    }
    const burst = await Promise.all(Array.from({ length: 10 }, () => callDirectly(slack.url, 'emoji.list', { token })));
    const limited = burst.find(({ status }) => status === 429);
    expect(limited?.body).toEqual({ ok: false, error: 'ratelimited' });
    expect(Number(limited?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await web.users.list({})).ok).toBe(true);
  });

  test('limits chat.postMessage per channel', async () => {
    const { slack } = await startSlack({ rateLimits: 'slack' });
    const say = async (channel: string) =>
      (await callDirectly(slack.url, 'chat.postMessage', { token, form: { channel, text: 'hi' } })).status;
    const burst = await Promise.all(Array.from({ length: 10 }, () => say('C0GENERAL1')));
    expect(burst).toContain(429);
    expect(await say('C0RANDOM01')).toBe(200);
  });
});
