import { type Behaviour, capturedLog, json, unrulySlack } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { createSlackPort } from '../src/create-slack-port.ts';
import { type SlackError, SlackTokenMissingError } from '../src/slack-error.ts';

const bearer = (token: string): string => `Bearer ${token}`;

/** A Slack that accepts one token at a time. */
async function rotatingSlack(error = 'token_expired') {
  let valid = 1;
  const answer: Behaviour = (response, call) => {
    const known = call.headers.authorization === bearer(`xoxe.xoxb-${valid}`);
    json(known ? { ok: true } : { ok: false, error })(response, call);
  };
  const slack = await unrulySlack(answer);
  return {
    slack,
    rotate: () => {
      valid += 1;
    },
    get token() {
      return `xoxe.xoxb-${valid}`;
    },
    [Symbol.asyncDispose]: () => slack[Symbol.asyncDispose](),
  };
}

describe('a rotating token', () => {
  it.each(['token_expired', 'invalid_auth'])(
    'is requested once, and again after %s; the call is repeated',
    async (error) => {
      await using at = await rotatingSlack(error);
      let asked = 0;
      const log = capturedLog();
      const port = createSlackPort({
        apiUrl: at.slack.url,
        logger: log,
        token: async () => {
          asked += 1;
          return at.token;
        },
      });
      await port.call('chat.postMessage');
      await port.call('auth.test');
      expect(asked).toBe(1);
      at.rotate();
      expect(await port.call('chat.postMessage')).toMatchObject({ ok: true });
      expect(asked).toBe(2);
      expect(at.slack.calls).toHaveLength(4);
      expect(log.text()).not.toContain('xoxe');
    },
  );

  it('is renewed once for all concurrent calls that find it expired', async () => {
    await using at = await rotatingSlack();
    let asked = 0;
    const port = createSlackPort({
      apiUrl: at.slack.url,
      token: async () => {
        asked += 1;
        return at.token;
      },
    });
    await port.call('auth.test');
    at.rotate();
    await Promise.all(Array.from({ length: 20 }, () => port.call('auth.test')));
    expect(asked).toBe(2);
  });

  it('is not tried again if the renewed token is refused', async () => {
    await using at = await rotatingSlack();
    let asked = 0;
    const port = createSlackPort({
      apiUrl: at.slack.url,
      token: async () => {
        asked += 1;
        return `xoxb-wrong-${asked}`;
      },
    });
    await expect(port.call('auth.test')).rejects.toMatchObject({ slackError: 'token_expired' });
    expect(asked).toBe(2);
    expect(at.slack.calls).toHaveLength(2);
  });

  it('rejects with Slack’s error if the renewal fails, and is requested again by the next call', async () => {
    await using at = await rotatingSlack();
    let broken = false;
    const port = createSlackPort({
      apiUrl: at.slack.url,
      token: async () => {
        if (broken) throw new Error('the vault is sealed');
        return at.token;
      },
    });
    await port.call('auth.test');
    at.rotate();
    broken = true;
    await expect(port.call('auth.test')).rejects.toMatchObject({ slackError: 'token_expired' });
    broken = false;
    expect(await port.call('auth.test')).toMatchObject({ ok: true });
  });

  it.each([
    ['throws', () => Promise.reject(new Error('the vault is sealed'))],
    ['gives nothing', async () => ''],
    ['returns null', async () => null as unknown as string],
    ['returns a number', async () => 42 as unknown as string],
  ])('is reported as missing if its source %s', async (_name, token) => {
    await using at = await rotatingSlack();
    const error = await createSlackPort({ apiUrl: at.slack.url, token })
      .call('auth.test')
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SlackTokenMissingError);
    expect((error as SlackError).nextStep).toContain('function that returns the token failed');
    expect(at.slack.calls).toHaveLength(0);
  });
});

it('treats a null token as missing', async () => {
  const port = createSlackPort({ token: null as unknown as undefined });
  await expect(port.call('auth.test')).rejects.toThrow('SLACK_BOT_TOKEN is not set');
});

it('rejects a token source that is neither a string nor a function at once', () => {
  expect(() => createSlackPort({ token: 42 as unknown as string })).toThrow(
    'the option token returned a value of type',
  );
});

describe('a static token', () => {
  it('is not tried again if Slack refuses it', async () => {
    await using at = await rotatingSlack();
    const port = createSlackPort({ apiUrl: at.slack.url, token: 'xoxb-wrong' });
    await expect(port.call('auth.test')).rejects.toMatchObject({ slackError: 'token_expired' });
    expect(at.slack.calls).toHaveLength(1);
  });
});

describe('the scopes of a token', () => {
  it('are learned from answers, including errors, and forgotten with the token', async () => {
    await using slack = await unrulySlack(
      json({ ok: true }, 200, { 'x-oauth-scopes': 'chat:write, users:read' }),
      json({ ok: false, error: 'missing_scope' }, 200, { 'x-oauth-scopes': 'chat:write' }),
      json({ ok: false, error: 'token_expired' }),
      json({ ok: true }),
    );
    const port = createSlackPort({ apiUrl: slack.url, token: async () => `xoxb-${slack.calls.length}` });
    expect(port.grantedScopes?.()).toBeUndefined();
    await port.call('auth.test');
    expect(port.grantedScopes?.()).toEqual(['chat:write', 'users:read']);
    await port.call('auth.test').catch(() => {});
    expect(port.grantedScopes?.()).toEqual(['chat:write']);
    await port.call('auth.test');
    expect(port.grantedScopes?.()).toBeUndefined();
  });
});

describe('a token source', () => {
  it('is asked again by the next call if it failed the first time', async () => {
    await using at = await rotatingSlack();
    let asked = 0;
    const token = async (): Promise<string> => {
      asked += 1;
      if (asked === 1) throw new Error('the vault is sealed');
      return at.token;
    };
    const port = createSlackPort({ apiUrl: at.slack.url, token });
    await expect(port.call('auth.test')).rejects.toBeInstanceOf(SlackTokenMissingError);
    expect(await port.call('auth.test')).toMatchObject({ ok: true });
    expect(asked).toBe(2);
  });

  it('that returns the refused token again ends the call without another attempt', async () => {
    await using at = await rotatingSlack();
    const port = createSlackPort({ apiUrl: at.slack.url, token: async () => 'xoxb-wrong' });
    await expect(port.call('auth.test')).rejects.toMatchObject({ slackError: 'token_expired' });
    expect(at.slack.calls).toHaveLength(1);
  });
});
