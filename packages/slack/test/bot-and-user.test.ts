import { json, type ReceivedCall, unrulySlack } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { actedAs } from '../src/acted-as.ts';
import { createSlackPort, type SlackPortOptions } from '../src/create-slack-port.ts';
import { type SlackApiError, SlackRateLimitedError, SlackTokenMissingError } from '../src/slack-error.ts';
import type { SlackCallOptions } from '../src/slack-port.ts';

const BOT = 'xoxb-1-bot';
const USER = 'xoxp-1-user';
const both = { bot: BOT, user: USER };

const tokenOf = ({ headers }: ReceivedCall): string => String(headers.authorization).replace('Bearer ', '');

async function called(token: SlackPortOptions['token'], method: string, as?: SlackCallOptions['as']) {
  await using slack = await unrulySlack(json({ ok: true }));
  const answer = await createSlackPort({ token, apiUrl: slack.url }).call(method, {}, { as });
  return { used: slack.calls.map(tokenOf), actor: actedAs(answer), answer };
}

describe('a call in a workspace with both tokens', () => {
  it.each<[string, SlackCallOptions['as'], string, string]>([
    ['chat.postMessage', undefined, BOT, 'bot'],
    ['chat.postMessage', 'bot', BOT, 'bot'],
    ['chat.postMessage', 'user', USER, 'user'],
    ['chat.postMessage', ['user', 'bot'], USER, 'user'],
    ['search.messages', undefined, USER, 'user'],
    ['users.profile.set', undefined, USER, 'user'],
    ['reminders.add', undefined, USER, 'user'],
    ['users.profile.get', undefined, BOT, 'bot'],
  ])('%s as %j uses %s and reports %s in its answer', async (method, as, token, kind) => {
    const { used, actor, answer } = await called(both, method, as);
    expect([used, actor]).toEqual([[token], kind]);
    expect(JSON.parse(JSON.stringify(answer))).toEqual({ ok: true, response_metadata: {} });
    expect(Object.keys(answer)).not.toContain('actedAs');
  });
});

describe('a call in a workspace with one token', () => {
  it.each<[SlackPortOptions['token'], string, SlackCallOptions['as'], string]>([
    [BOT, 'search.messages', undefined, 'bot'],
    [USER, 'chat.postMessage', undefined, 'user'],
    [{ user: USER }, 'chat.postMessage', ['bot', 'user'], 'user'],
    [{ bot: USER }, 'chat.postMessage', 'user', 'user'],
    [async () => USER, 'chat.postMessage', undefined, 'user'],
  ])('token %j: %s as %j acts as the %s', async (token, method, as, kind) => {
    expect((await called(token, method, as)).actor).toBe(kind);
  });

  it.each<[SlackPortOptions['token'], SlackCallOptions['as'], string]>([
    [BOT, 'user', 'SLACK_USER_TOKEN'],
    [{ user: USER }, 'bot', 'SLACK_BOT_TOKEN'],
    [async () => USER, 'bot', 'SLACK_BOT_TOKEN'],
  ])('never uses a different kind of token: token %j, as %j', async (token, as, variable) => {
    await using slack = await unrulySlack(json({ ok: true }));
    const error = await createSlackPort({ token, apiUrl: slack.url })
      .call('chat.postMessage', {}, { as })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SlackTokenMissingError);
    expect((error as Error).message).toContain(variable);
    expect((error as SlackTokenMissingError).nextStep).toContain(variable);
    expect(slack.calls).toHaveLength(0);
  });
});

describe('each token has separate', () => {
  it('limits: a limit of the bot does not apply to the user', async () => {
    await using slack = await unrulySlack((response, call) => {
      const limited = json({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': '60' });
      (tokenOf(call) === BOT ? limited : json({ ok: true }))(response, call);
    });
    const port = createSlackPort({ token: both, apiUrl: slack.url });
    for (let index = 0; index < 2; index += 1) {
      await expect(port.call('users.list', {}, { as: 'bot' })).rejects.toBeInstanceOf(SlackRateLimitedError);
      expect(await port.call('users.list', {}, { as: 'user' })).toMatchObject({ ok: true });
    }
    expect(slack.calls.map(tokenOf)).toEqual([BOT, USER, USER]);
  });

  it('scopes: without a kind they are combined once all are known', async () => {
    await using slack = await unrulySlack((response, call) => {
      const scopes = tokenOf(call) === BOT ? 'chat:write' : 'search:read,chat:write';
      json({ ok: true }, 200, { 'x-oauth-scopes': scopes })(response, call);
    });
    const port = createSlackPort({ token: both, apiUrl: slack.url });
    await port.call('auth.test', {}, { as: 'bot' });
    expect([port.grantedScopes?.(), port.grantedScopes?.('bot')]).toEqual([undefined, ['chat:write']]);
    await port.call('auth.test', {}, { as: 'user' });
    expect(port.grantedScopes?.()).toEqual(['chat:write', 'search:read']);
    expect(port.grantedScopes?.('user')).toEqual(['search:read', 'chat:write']);
  });

  it('health: degraded while Slack refuses a token, up once Slack accepts it again', async () => {
    let expired = true;
    await using slack = await unrulySlack((response, call) => {
      const refused = expired && tokenOf(call) === BOT;
      json(refused ? { ok: false, error: 'token_expired' } : { ok: true })(response, call);
    });
    const port = createSlackPort({ token: both, apiUrl: slack.url });
    expect(port.health?.()).toEqual({ status: 'up', detail: {} });
    await port.call('auth.test').catch(() => {});
    await port.call('auth.test', {}, { as: 'user' });
    expect(port.health?.()).toEqual({ status: 'degraded', detail: { bot: 'token_expired' } });
    expired = false;
    await port.call('auth.test');
    expect(port.health?.()).toEqual({ status: 'up', detail: {} });
  });

  it('advice: names the variable of the token that Slack refused', async () => {
    await using slack = await unrulySlack(
      json({ ok: false, error: 'token_revoked' }),
      json({ ok: false, error: 'missing_scope', needed: 'search:read' }),
    );
    const port = createSlackPort({ token: both, apiUrl: slack.url });
    const ofUser = await port.call('search.messages').catch((error: unknown) => error);
    expect(ofUser).toMatchObject({ actedAs: 'user' });
    expect((ofUser as SlackApiError).nextStep).toContain('set SLACK_USER_TOKEN');
    const scope = await port.call('search.messages').catch((error: unknown) => error);
    expect((scope as SlackApiError).nextStep).toMatch(/oauth_config\.scopes\.user.*SLACK_USER_TOKEN/);
  });
});

it('refuses a token among the arguments', async () => {
  await using slack = await unrulySlack(json({ ok: true }));
  const port = createSlackPort({ token: both, apiUrl: slack.url });
  await expect(port.call('auth.test', { token: 'xoxp-other' })).rejects.toThrow(TypeError);
  expect(slack.calls).toHaveLength(0);
});

it('keeps Slack’s messages about arguments in the error, but out of the log', async () => {
  const messages = ['[ERROR] failed to match: private text [json-pointer:/blocks/0]'];
  await using slack = await unrulySlack(json({ ok: false, error: 'invalid_blocks', response_metadata: { messages } }));
  const port = createSlackPort({ token: both, apiUrl: slack.url });
  const error = await port.call('chat.postMessage').catch((caught: unknown) => caught);
  expect((error as SlackApiError).messages).toEqual(messages);
  expect(JSON.stringify({ ...(error as object) }) + String(error)).not.toContain('private text');
});
