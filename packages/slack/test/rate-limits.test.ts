import { createSimulator } from '@slack-mcp/simulator';
import { type CapturedLog, capturedLog, json, type ReceivedCall, unrulySlack } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { createSlackPort, type SlackPortOptions } from '../src/create-slack-port.ts';
import { SlackRateLimitedError } from '../src/slack-error.ts';

const TOKEN = 'xoxb-simulator';
const GENERAL = 'C0GENERAL1';

async function simulated(options: Partial<SlackPortOptions> = {}) {
  const simulator = await createSimulator({ signingSecret: 'secret', botToken: TOKEN });
  const log = capturedLog();
  const slack = createSlackPort({ token: TOKEN, apiUrl: simulator.url, logger: log, ...options });
  return { simulator, slack, log, [Symbol.asyncDispose]: () => simulator.close() };
}

/** Resolves when the port has hit a limit and waits for its end. */
async function waiting(log: CapturedLog): Promise<void> {
  await expect.poll(() => log.lines.map(({ event }) => event), { timeout: 10_000 }).toContain('slack_call_retried');
}

function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}

describe('a limited method', () => {
  it('does not delay other methods', async () => {
    await using at = await simulated({ rateLimitWaitMs: 600_000 });
    await at.simulator.limit('conversations.history', { retryAfterS: 600 });
    const abort = new AbortController();
    const { signal } = abort;
    const history = outcome(at.slack.call('conversations.history', { channel: GENERAL }, { signal }));
    await waiting(at.log);
    for (let index = 0; index < 10; index += 1) {
      await at.slack.call('conversations.info', { channel: GENERAL });
      await at.slack.call('chat.postMessage', { channel: GENERAL, text: `${index}` });
    }
    abort.abort(new Error('enough'));
    expect(await history).toMatchObject({ message: 'enough' });
  });

  it('is not called while the limit lasts: calls fail at once and report the remaining time', async () => {
    await using at = await simulated();
    await at.simulator.limit('conversations.history', { retryAfterS: 60 });
    for (let index = 0; index < 10; index += 1) {
      const error = await outcome(at.slack.call('conversations.history', { channel: GENERAL }));
      expect(error).toBeInstanceOf(SlackRateLimitedError);
      expect(error).toMatchObject({ method: 'conversations.history' });
      expect((error as SlackRateLimitedError).retryAfterSeconds).toBeGreaterThan(30);
    }
    expect(await at.simulator.calls('conversations.history')).toHaveLength(1);
  });

  it('makes later calls wait if the limit is short', async () => {
    await using at = await simulated();
    await at.simulator.limit('conversations.history', { retryAfterS: 1 });
    const first = at.slack.call('conversations.history', { channel: GENERAL });
    await waiting(at.log);
    const later = Array.from({ length: 5 }, () => at.slack.call('conversations.history', { channel: GENERAL }));
    for (const answer of await Promise.all([first, ...later])) expect(answer).toMatchObject({ ok: true });
    expect(await at.simulator.calls('conversations.history')).toHaveLength(7);
  });

  it('is tried by one call when the time has passed, while the others wait for its result', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const limited = json({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': '1' });
    const answerLate = async (...answer: Parameters<typeof limited>): Promise<void> => {
      await released;
      json({ ok: true })(...answer);
    };
    await using slack = await unrulySlack(limited, answerLate, json({ ok: true }));
    const log = capturedLog();
    const port = createSlackPort({ token: TOKEN, apiUrl: slack.url, rateLimitWaitMs: 60_000, logger: log });
    const calls = [port.call('users.list')];
    await waiting(log);
    calls.push(...Array.from({ length: 10 }, () => port.call('users.list')));
    await expect.poll(() => slack.calls, { timeout: 20_000 }).toHaveLength(2);
    // Otherwise they would have been sent before a call of another method is answered.
    await createSlackPort({ token: TOKEN, apiUrl: slack.url }).call('auth.test');
    expect(slack.calls.filter(({ method }) => method === 'users.list')).toHaveLength(2);
    release();
    await Promise.all(calls);
    expect(slack.calls.filter(({ method }) => method === 'users.list')).toHaveLength(12);
  });

  it('is not called after the waiting call is aborted', async () => {
    await using at = await simulated();
    await at.simulator.limit('conversations.history', { retryAfterS: 3 });
    const first = at.slack.call('conversations.history', { channel: GENERAL });
    await waiting(at.log);
    const abort = new AbortController();
    const second = outcome(at.slack.call('conversations.history', { channel: GENERAL }, { signal: abort.signal }));
    abort.abort(new Error('enough'));
    expect(await second).toMatchObject({ message: 'enough' });
    expect(await first).toMatchObject({ ok: true });
  });
});

describe('posts', () => {
  it('to a limited channel do not delay posts to another', async () => {
    const isBusy = ({ args }: ReceivedCall): boolean => args.get('channel') === 'C1';
    await using slack = await unrulySlack((response, call) => {
      const limited = json({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': '60' });
      (isBusy(call) ? limited : json({ ok: true }))(response, call);
    });
    const port = createSlackPort({ token: TOKEN, apiUrl: slack.url });
    for (let index = 0; index < 3; index += 1) {
      expect(await outcome(port.call('chat.postMessage', { channel: 'C1' }))).toBeInstanceOf(SlackRateLimitedError);
      expect(await port.call('chat.postMessage', { channel: 'C2' })).toMatchObject({ ok: true });
    }
    expect(slack.calls.filter(isBusy)).toHaveLength(1);
  });
});
