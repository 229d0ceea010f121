import { createServer } from 'node:net';
import {
  type Behaviour,
  breakOffAnswer,
  capturedLog,
  hang,
  html,
  json,
  reset,
  unrulySlack,
} from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { createSlackPort, type SlackPortOptions } from '../src/create-slack-port.ts';
import {
  SlackApiError,
  type SlackError,
  SlackNetworkError,
  SlackRateLimitedError,
  SlackTokenMissingError,
} from '../src/slack-error.ts';

const TOKEN = 'xoxb-secret-token-0123456789';
const TEXT = 'a private text';

const ok = json({ ok: true, ts: '1.000001', secret_field: TEXT });

async function port(options: Partial<SlackPortOptions>, ...behaviours: Behaviour[]) {
  const slack = await unrulySlack(...behaviours);
  const log = capturedLog();
  return {
    slack,
    log,
    port: createSlackPort({ token: TOKEN, apiUrl: slack.url, logger: log, ...options }),
    [Symbol.asyncDispose]: () => slack[Symbol.asyncDispose](),
  };
}

describe('a call', () => {
  it('sends the arguments and the token, and resolves with the answer', async () => {
    await using at = await port({}, ok);
    const answer = await at.port.call('chat.postMessage', { channel: 'C1', text: TEXT, unfurl_links: false });
    expect(answer['ts']).toBe('1.000001');
    expect(Object.fromEntries(at.slack.calls[0]?.args ?? [])).toEqual({
      channel: 'C1',
      text: TEXT,
      unfurl_links: 'false',
    });
    expect(at.slack.calls[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it('does not change the arguments it is given', async () => {
    await using at = await port({}, ok);
    const args = Object.freeze({ channel: 'C1' });
    await at.port.call('conversations.history', args);
    expect(args).toEqual({ channel: 'C1' });
  });

  it('keeps the connection for the next call', async () => {
    await using at = await port({}, ok);
    for (let index = 0; index < 20; index += 1) await at.port.call('auth.test');
    // A socket may become free shortly after its answer.
    expect(at.slack.connections).toBeLessThanOrEqual(2);
  });

  it('runs concurrently with others, each with its own signal', async () => {
    await using at = await port({}, (response, call) => {
      if (call.args.get('limit') !== '7') json({ ok: true })(response, call);
    });
    const abort = new AbortController();
    const calls = Array.from({ length: 20 }, (_, index) =>
      at.port.call('conversations.list', { limit: index }, index === 7 ? { signal: abort.signal } : {}),
    );
    const settled = Promise.allSettled(calls);
    await Promise.all(calls.filter((_, index) => index !== 7));
    abort.abort(new Error('not wanted any more'));
    expect((await settled).map(({ status }) => status === 'rejected')).toEqual(calls.map((_, index) => index === 7));
    await expect(calls[7]).rejects.toThrow('not wanted any more');
  });

  it.each(['https://example.com/x', '../x', 'files.uploadV2', 'chat.postMessage?x=1', '', 'chat'])(
    'rejects %j as a method name',
    async (method) => {
      await using at = await port({}, ok);
      await expect(at.port.call(method)).rejects.toThrow(TypeError);
      expect(at.slack.calls).toHaveLength(0);
    },
  );

  it.each([undefined, ''])('rejects without a token (%j) and names the variable', async (token) => {
    await using at = await port({ token }, ok);
    const error = await at.port.call('auth.test').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SlackTokenMissingError);
    expect((error as Error).message).toContain('SLACK_BOT_TOKEN');
    expect(at.slack.calls).toHaveLength(0);
  });

  it('rejects arguments that cannot be sent with a TypeError', async () => {
    await using at = await port({}, ok);
    await expect(at.port.call('chat.postMessage', { blocks: [1n] })).rejects.toThrow(TypeError);
    expect(at.slack.calls).toHaveLength(0);
  });
});

describe('an error of Slack', () => {
  it('is reported by its name', async () => {
    await using at = await port({}, json({ ok: false, error: 'channel_not_found' }));
    const error = await at.port.call('conversations.history').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SlackApiError);
    expect(error).toMatchObject({ method: 'conversations.history', slackError: 'channel_not_found' });
    expect((error as Error).message).toContain('channel_not_found');
    expect(at.slack.calls).toHaveLength(1);
  });

  it('names the scope that is missing', async () => {
    await using at = await port(
      {},
      json({ ok: false, error: 'missing_scope', needed: 'reactions:write', provided: 'chat:write' }),
    );
    const error = await at.port.call('reactions.add').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ needed: 'reactions:write', provided: 'chat:write' });
    expect((error as SlackError).nextStep).toMatch(/reactions:write.*chat:write/s);
  });

  it.each([html('<html>captive portal for agent@example.com</html>'), json(['no object'] as unknown as object)])(
    'does not contain the answer of a proxy',
    async (behaviour) => {
      await using at = await port({}, behaviour);
      const error = await at.port.call('auth.test').catch((caught: unknown) => caught);
      expect(error).toMatchObject({ failure: 'invalid_answer' });
      expect((error as Error).message).not.toContain('portal');
    },
  );
});

describe('an answer that does not come from Slack', () => {
  it('is not requested again if it is too large, and has an unknown outcome', async () => {
    const flood: Behaviour = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => void (response.destroyed || response.write(Buffer.alloc(1_048_576, 'x'), more));
      more();
    };
    await using at = await port({}, flood);
    const error = await at.port.call('conversations.history').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ failure: 'answer_too_large', outcomeUnknown: true });
    expect((error as SlackError).nextStep).toContain('SLACK_API_URL');
    expect(at.slack.calls).toHaveLength(1);
  });

  it('is not requested again if it is JSON but not an object', async () => {
    await using at = await port({}, json(null as unknown as object));
    await expect(at.port.call('conversations.history')).rejects.toMatchObject({ failure: 'invalid_answer' });
    expect(at.slack.calls).toHaveLength(1);
  });
});

describe('a rate limit', () => {
  const limited = (seconds: string | undefined) =>
    json({ ok: false, error: 'ratelimited' }, 429, seconds === undefined ? {} : { 'retry-after': seconds });

  it('is waited for once if it is short, also for a post', async () => {
    await using at = await port({}, limited('1'), ok);
    const started = performance.now();
    await at.port.call('chat.postMessage', { text: TEXT });
    expect(performance.now() - started).toBeGreaterThan(900);
    expect(at.slack.calls).toHaveLength(2);
  });

  it('is reported with its seconds if it is long, without waiting', async () => {
    await using at = await port({}, limited('60'));
    const error = await at.port.call('conversations.history').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SlackRateLimitedError);
    expect(error).toMatchObject({ method: 'conversations.history', retryAfterSeconds: 60 });
    expect(at.slack.calls).toHaveLength(1);
  });

  it('is reported if it occurs again', async () => {
    await using at = await port({}, limited('0'), limited('1'));
    await expect(at.port.call('auth.test')).rejects.toBeInstanceOf(SlackRateLimitedError);
    expect(at.slack.calls).toHaveLength(2);
  });

  it('is reported if Slack does not name a time', async () => {
    await using at = await port({}, limited(undefined));
    await expect(at.port.call('auth.test')).rejects.toMatchObject({ retryAfterSeconds: 30 });
  });

  it.each([
    ['-5', 0],
    ['99999999', 3600],
  ])('of %s seconds counts as %i', async (header, seconds) => {
    await using at = await port({ rateLimitWaitMs: -1 }, limited(header));
    await expect(at.port.call('auth.test')).rejects.toMatchObject({ retryAfterSeconds: seconds });
  });

  it.each(['ratelimited', 'rate_limited'])('is also recognized with status 200: %s', async (error) => {
    await using at = await port({}, json({ ok: false, error }, 200, { 'retry-after': '17' }));
    const told = await at.port.call('auth.test').catch((caught: unknown) => caught);
    expect(told).toBeInstanceOf(SlackRateLimitedError);
    expect(told).toMatchObject({ retryAfterSeconds: 17 });
  });

  it('of one method does not delay other methods', async () => {
    await using at = await port({ rateLimitWaitMs: 600_000 }, (response, call) => {
      (call.method === 'conversations.history' ? limited('600') : ok)(response, call);
    });
    const abort = new AbortController();
    const slow = at.port.call('conversations.history', {}, { signal: abort.signal }).catch((error: unknown) => error);
    await expect.poll(() => at.log.lines.map(({ event }) => event)).toContain('slack_call_retried');
    await at.port.call('auth.test');
    abort.abort(new Error('enough'));
    expect(await slow).toMatchObject({ message: 'enough' });
  });

  it('is not waited for after the call was aborted', async () => {
    await using at = await port({}, limited('3'), ok);
    const abort = new AbortController();
    const call = at.port.call('auth.test', {}, { signal: abort.signal });
    setImmediate(() => abort.abort(new Error('enough')));
    await expect(call).rejects.toThrow('enough');
  });
});

describe('a lost answer', () => {
  const failures: [string, Behaviour, string][] = [
    ['a dropped connection', reset, 'connection_lost'],
    ['an incomplete answer', breakOffAnswer, 'connection_lost'],
    ['no answer', hang, 'timeout'],
    ['a status 500', html('oops', 500), 'http_error'],
    ['a status 503', html('oops', 503), 'http_error'],
  ];

  it.each(failures)('of a read-only method is requested again: %s', async (_name, behaviour) => {
    await using at = await port({ timeoutMs: 500 }, behaviour, behaviour, ok);
    expect(await at.port.call('conversations.history')).toMatchObject({ ok: true });
    expect(at.slack.calls).toHaveLength(3);
  });

  it.each(failures)('of a post is never requested again: %s', async (_name, behaviour, failure) => {
    await using at = await port({ timeoutMs: 500 }, behaviour, ok);
    const error = await at.port.call('chat.postMessage', { text: TEXT }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SlackNetworkError);
    expect(error).toMatchObject({ failure, outcomeUnknown: true });
    expect((error as SlackError).nextStep).toContain('may have carried out the call');
    expect(at.slack.calls).toHaveLength(1);
  });

  it('is requested again as often as configured', async () => {
    await using at = await port({ retries: 1 }, html('oops', 500));
    await expect(at.port.call('auth.test')).rejects.toMatchObject({ failure: 'http_error', status: 500 });
    expect(at.slack.calls).toHaveLength(2);
  });

  it.each([301, 302, 307, 308])(
    'with a redirect %i is not followed, because that would send the token along',
    async (status) => {
      await using target = await unrulySlack(ok);
      const redirect: Behaviour = (response) => void response.writeHead(status, { location: target.url }).end();
      await using at = await port({}, redirect);
      await expect(at.port.call('auth.test')).rejects.toMatchObject({ failure: 'http_error', status });
      expect([at.slack.calls.length, target.calls.length]).toEqual([1, 0]);
    },
  );

  it('with a status 4xx is not requested again', async () => {
    await using at = await port({}, html('no such page', 404));
    await expect(at.port.call('auth.test')).rejects.toMatchObject({ status: 404, outcomeUnknown: false });
    expect(at.slack.calls).toHaveLength(1);
  });
});

describe('an unreachable Slack', () => {
  it('is tried again, also for a post, because nothing was sent', async () => {
    const free = await freePort();
    const log = capturedLog();
    const slack = createSlackPort({ token: TOKEN, apiUrl: `http://127.0.0.1:${free}/api/`, retries: 2, logger: log });
    const error = await slack.call('chat.postMessage', { text: TEXT }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ failure: 'unreachable', outcomeUnknown: false });
    expect(log.lines.filter(({ event }) => event === 'slack_call_retried')).toHaveLength(2);
  });
});

describe('aborting a call', () => {
  it('ends the request and rejects with the reason', async () => {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    await using at = await port({}, (response) => response.once('close', () => end()));
    const abort = new AbortController();
    const call = at.port.call('conversations.history', {}, { signal: abort.signal });
    const outcome = call.catch((error: unknown) => error);
    await expect.poll(() => at.slack.calls.length).toBe(1);
    abort.abort(new Error('changed my mind'));
    expect(await outcome).toMatchObject({ message: 'changed my mind' });
    await ended;
    expect(at.slack.calls).toHaveLength(1);
  });

  it('sends nothing if the signal is already aborted', async () => {
    await using at = await port({}, ok);
    await expect(at.port.call('auth.test', {}, { signal: AbortSignal.abort(new Error('never')) })).rejects.toThrow(
      'never',
    );
    expect(at.slack.calls).toHaveLength(0);
  });
});

describe('the log', () => {
  it('contains methods and failures, but no tokens, arguments or answers', async () => {
    const behaviours: Behaviour[] = [
      ok,
      json({
        ok: false,
        error: 'invalid_blocks',
        response_metadata: { messages: [`[ERROR] ${TEXT}`], warnings: [TEXT] },
      }),
      html(TEXT, 500),
      reset,
      json({ ok: false, error: 'x' }, 429, { 'retry-after': '60' }),
    ];
    await using at = await port({ retries: 0 }, ...behaviours);
    const errors: unknown[] = [];
    for (const _behaviour of behaviours) {
      await at.port.call('chat.postMessage', { text: TEXT }).catch((error: unknown) => errors.push(error));
    }
    expect(errors).toHaveLength(4);
    const said =
      at.log.text() +
      errors.map((error) => `${error}${(error as Error).stack}${(error as SlackError).nextStep}`).join();
    expect(at.log.lines.map(({ event }) => event)).toEqual([
      'slack_called',
      'slack_call_failed',
      'slack_call_failed',
      'slack_call_failed',
      'slack_call_failed',
    ]);
    for (const secret of [TOKEN, TEXT]) expect(said).not.toContain(secret);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
